//! What a notice is about.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::communities::roles::stored_words;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A decision is due soon.
    DeadlineNear,
    /// A decision is overdue.
    DeadlineMissed,
    /// Texts wait and nobody works.
    QueueUnattended,
    /// A colleague named you in a note.
    Mention,
    /// A question waits for your answer.
    Referred,
    /// Your question was answered.
    ReferralAnswered,
    /// An answer is due soon.
    AnswerNear,
    /// An answer is overdue.
    AnswerMissed,
    /// An author appealed.
    AppealOpened,
    /// Two reviewers disagree.
    Disagreement,
    /// Somebody failed to sign too often.
    SigningLocked,
    /// A change of policy waits for a second person.
    PolicyProposed,
    /// The desk overturned findings of rules that you answer for.
    FindingsOverturned,
}

stored_words!(NoticeKind {
    DeadlineNear => "deadline_near",
    DeadlineMissed => "deadline_missed",
    QueueUnattended => "queue_unattended",
    Mention => "mention",
    Referred => "referred",
    ReferralAnswered => "referral_answered",
    AnswerNear => "answer_near",
    AnswerMissed => "answer_missed",
    AppealOpened => "appeal_opened",
    Disagreement => "disagreement",
    SigningLocked => "signing_locked",
    PolicyProposed => "policy_proposed",
    FindingsOverturned => "findings_overturned",
});

/// Something that people should know.
#[derive(Debug, Clone, Copy)]
pub struct Notice {
    /// What happened.
    pub kind: NoticeKind,
    /// Where.
    pub community: Uuid,
    /// What `subject` is: `review_item`, `referral`, `community`, `policy`, `account`.
    pub subject_kind: &'static str,
    /// To what; to the first of them if it is about several.
    pub subject: Uuid,
    /// To how many.
    pub count: u32,
}

impl Notice {
    /// About one thing.
    pub const fn of(
        kind: NoticeKind,
        community: Uuid,
        subject_kind: &'static str,
        subject: Uuid,
    ) -> Self {
        Self {
            kind,
            community,
            subject_kind,
            subject,
            count: 1,
        }
    }
}
