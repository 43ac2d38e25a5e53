//! The running server: what every route may reach. Only `routes.rs` files and `main.rs` see it whole; an operation
//! receives the parts that it needs.

use std::sync::Arc;

use crate::audit::Audit;
use crate::clock::Clock;
use crate::config::Settings;
use crate::db::Db;
use crate::live::Hub;

/// Shared by all requests. Cloning is cheap.
#[derive(Clone)]
pub struct App {
    /// What the administrator has set.
    pub settings: Arc<Settings>,
    /// The clock of the server.
    pub clock: Clock,
    /// For reading.
    pub db: Db,
    /// For writing.
    pub audit: Audit,
    /// The sockets of this process.
    pub live: Hub,
}
