//! The demonstration: an invented company with its communities, made by walking through the real doors.

mod personas;
pub mod routes;

pub use personas::{Persona, Personas};
