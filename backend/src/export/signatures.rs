//! The electronic signatures in the bundle.

use sea_orm::DatabaseTransaction;
use serde_json::json;
use uuid::Uuid;

use super::ExportError;
use super::report;
use super::spool::{Spool, Spooled};
use crate::identity::signing::{SignatureView, certifications, signatures_in};

/// Rows fetched at a time.
const PAGE: u64 = 500;

/// What came out of writing the signatures.
pub struct Signatures {
    /// `signatures.jsonl`.
    pub file: Spooled,
    /// The signatures as rows of the report.
    pub rows: Spooled,
    /// The letters of certification (21 CFR 11.100(c)), as sentences of the report.
    pub certifications: Vec<String>,
}

/// Writes down what was signed in these communities.
pub async fn write(
    on: &DatabaseTransaction,
    communities: &[Uuid],
) -> Result<Signatures, ExportError> {
    let mut file = Spool::new("signatures.jsonl")?;
    let mut rows = Spool::new("signatures")?;
    let mut after = None;
    loop {
        let page = signatures_in(on, communities, after, PAGE).await?;
        let Some(last) = page.last() else {
            break;
        };
        after = Some(last.id);
        for row in &page {
            file.row(&json!({
                "community": row.community_id,
                "id": row.id,
                "manifest": row.manifest,
                "manifest_hash": row.manifest_hash,
                "meaning": row.meaning,
                "object": { "id": row.object_id, "kind": row.object_kind },
                "revision": row.revision_id,
                "signed_at": row.signed_at,
                "signer": row.account_id,
            }))?;
            rows.text(&report::signature_row(&SignatureView::of(row)?))?;
        }
    }
    let certifications = certifications(on)
        .await?
        .into_iter()
        .map(|row| format!("{} to {} ({})", row.sent_on, row.recipient, row.reference))
        .collect();
    Ok(Signatures {
        file: file.end()?,
        rows: rows.end()?,
        certifications,
    })
}
