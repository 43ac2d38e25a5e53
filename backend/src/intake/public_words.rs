//! Words of staff that readers see in the place of a text: the rules read them as the company's, and only what is clear
//! goes out, because no second person looks at it.

use moderation_rules::{Submission, Verdict};
use sea_orm::DbErr;

use super::Intake;
use super::place::company_context;
use crate::communities::authority::Seat;

impl Intake {
    /// Whether readers may see these words of the company at once.
    ///
    /// # Errors
    /// The database's. Inside, a sentence that says what the rules found.
    pub async fn public_words(
        &self,
        seat: &Seat,
        words: &str,
    ) -> Result<Result<(), String>, DbErr> {
        let mut context = company_context(&self.known, seat).await?;
        context.date = Some(self.audit.clock().now().day());
        let text = Submission {
            title: None,
            body: words,
        };
        let screening = self.rules.screen(&text, &context);
        if screening.verdict == Verdict::Clear {
            return Ok(Ok(()));
        }
        let found = if screening.reasons.is_empty() {
            "they cannot be screened".to_owned()
        } else {
            screening.reasons.join("; ")
        };
        Ok(Err(format!(
            "readers would see words that the rules hold ({found}); say it more plainly, without product or benefit"
        )))
    }
}
