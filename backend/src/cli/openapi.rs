//! `hortus openapi`: the description of the API.

/// Prints it, as it stands in `backend/openapi.json`.
pub fn run() -> anyhow::Result<()> {
    let text = crate::http::openapi().to_pretty_json()?;
    Ok(super::print(&format!("{text}\n"))?)
}
