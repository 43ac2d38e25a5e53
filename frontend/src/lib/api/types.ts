// The words of the server, by short names. They are taken from its own description (schema.d.ts); where that says
// only "text", the closed list of words is named here.
import type { components, paths } from './schema';

type S = components['schemas'];

/** What the server tells is always complete: where there is nothing, it says null. */
export type Told<T> = T extends readonly (infer Entry)[]
  ? Told<Entry>[]
  : T extends object
    ? { [Key in keyof T]-?: Told<T[Key]> }
    : T;

/** The same with some fields told more closely. */
type Closer<T, Fields> = Omit<T, keyof Fields> & Fields;

export type Role = S['Role'];
export type SpeakerClass = S['SpeakerClass'];
export type Audience = S['Audience'];
export type Surface = S['Surface'];
export type Verdict = S['Verdict'];
export type Family = S['Family'];
export type Severity = S['Severity'];
export type SubmissionState = S['SubmissionState'];
export type ItemState = S['ItemState'];
export type Origin = S['Origin'];
export type Action = S['Action'];
export type Reason = Told<S['Reason']>;
export type ReportReason = S['ReportReason'];
export type Disposition = S['Disposition'];
export type NotAdverseEventReason = S['NotAdverseEventReason'];
export type ProductStatus = S['ProductStatus'];
export type CaseState = S['CaseStanding'];
export type TextField = S['Field'];
/** Words that are taken out of a text. */
export type Span = S['Span'];
export type SpanReason = S['SpanReason'];
export type Sealed = S['Sealed'];
export type SealedText = Told<S['SealedText']>;

export type Control = S['Control'];
export type Occasion = S['Occasion'];
export type Act =
  | 'release'
  | 'release_with_balance'
  | 'redact_and_release'
  | 'request_changes'
  | 'reject'
  | 'refer'
  | 'answer_referral'
  | 'split'
  | 'duplicate'
  | 'take_over'
  | 'settle_disagreement'
  | 'correct'
  | 'retract'
  | 'restore'
  | 'decide_appeal'
  | 'decide_in_bulk'
  | 'read_sealed';
export type ReferralField = S['ReferralField'];
export type ReferralOutcome = S['ReferralOutcome'];
export type ReferralState = S['ReferralState'];
export type Unit = S['Unit'];
export type VersionState = S['VersionState'];
export type NoticeKind = S['NoticeKind'];

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type About = Told<S['About']>;
export type Me = Told<S['Me']>;
export type Device = Told<S['DeviceView']>;
export type Persona = Closer<Told<S['Persona']>, { roles: Role[] }>;
export type Invitation = Told<S['InvitationView']>;

export type SecondFactorStatus = Told<S['SecondFactorStatus']>;
export type EnrolmentInput = S['EnrolmentRequest'];
export type Enrolment = Told<S['EnrolmentView']>;
export type PasswordInput = S['PasswordRequest'];
export type Meaning = S['Meaning'];
export type SigningStatus = Told<S['SigningStatus']>;
/** What the signer read and typed. */
export interface SignatureInput {
  meaning: Meaning;
  password?: string;
  code?: string;
}
export type Signature = Closer<Told<S['Signature']>, { role: Role }>;
export type StaffSigner = Told<S['StaffSigner']>;
export type SecondFactorReset = Told<S['SecondFactorReset']>;
export type DemoCode = Told<S['DemoCode']>;

export type CommunityName = Told<S['CommunityName']>;
export type CommunityCard = Told<S['CommunityCard']>;
export type Community = Told<S['CommunityView']>;
export type NewCommunity = S['CommunityRequest'] & { description: string };
export type Product = Told<S['Product']>;
export type ProductInput = S['ProductRequest'] & { id: string };
export type Member = Told<S['MemberView']>;
export type MemberInput = S['MemberRequest'];
export type SentInvitation = Told<S['SentInvitation']>;
export type InvitationInput = S['InvitationRequest'];
export type InvitationLink = Told<S['InvitationLink']>;

export type Term = S['Term'];
export type Policy = Closer<Told<S['Policy']>, { may: Record<Act, Role[]> }>;
export type BalanceText = Told<S['BalanceText']>;
export type AuthorTemplate = Told<S['AuthorTemplate']>;
export type Weakening = Told<S['Weakening']>;
/** What stood in a field and what stands there now. */
export interface PolicyChange {
  path: string;
  old: unknown;
  new: unknown;
}
export type PolicyVersion = Closer<Told<S['PolicyVersion']>, { changes: PolicyChange[] }>;
export type PolicyView = Closer<
  Told<S['PolicyView']>,
  { policy: Policy; proposal: PolicyVersion | null }
>;
export interface PolicyPreview {
  changes: PolicyChange[];
  weakens: Weakening[];
}
export type PolicyInput = Closer<S['PolicyRequest'], { policy: Policy }>;
export type PolicyAnswer = S['PolicyAnswer'];
export type Rate = Told<S['Rate']>;
export type SecondLook = S['SecondLook'];
export type Agreement = Told<S['Agreement']>;
export type QualityFigures = Told<S['QualityFigures']>;
export type OverturnedFinding = Told<S['OverturnedFinding']>;
export type SampleSeed = Told<S['SampleSeed']>;
export type GoldenText = Told<S['GoldenText']>;
export type GoldenInput = S['GoldenRequest'];
export type DeliveryView = Told<S['DeliveryView']>;
export type NoticeView = Told<S['NoticeView']>;
export type NoticeList = Told<S['NoticeList']>;

export type Author = Told<S['Author']>;
export type ThreadCard = Told<S['ThreadCard']>;
/** `body`, the Markdown source, is told only to the author. */
export type Post = Closer<Told<S['Post']>, { body?: string | null }>;
export type Thread = Closer<Told<S['ThreadPage']>, { posts: Post[] }>;
export type Accepted = Told<S['Accepted']>;

/** `start` and `end` count UTF-16 code units of the field. */
export type AuthorFinding = Told<S['AuthorFinding']>;
export type Precheck = Told<S['Precheck']>;
export type PrecheckInput = S['PrecheckDraft'];
export type Submission = Told<S['SubmissionView']>;

interface DeskWords {
  verdict: Verdict;
  families: Family[];
}
export type ItemCard = Closer<Told<S['ItemCard']>, DeskWords>;
export type ItemPage = Closer<
  Told<S['ItemList']>,
  {
    items: ItemCard[];
    counts: Closer<
      Told<S['Counts']>,
      {
        by_family: Partial<Record<Family, number>>;
        by_risk: Partial<Record<RiskClass, number>>;
        by_community: Partial<Record<string, number>>;
        views: Partial<Record<QueueView, number>>;
      }
    >;
  }
>;
export type Finding = Told<S['Finding']>;
export type Words = Told<S['Words']>;
export type Lack = S['Lack'];
export type Ground = Told<S['Ground']>;
export type Criterion = Closer<
  Told<S['Criterion']>,
  { inferred_from: 'thread' | 'title' | 'community' | 'account' | null }
>;
export type AdverseEventEvidence = Closer<
  Told<S['AeEvidence']>,
  Record<'reporter' | 'patient' | 'product' | 'reaction', Criterion>
>;
export type Decision = Closer<
  Told<S['Decision']>,
  { decided_by: Closer<Told<S['Decider']>, { role: Role }> }
>;
export type Assessment = Closer<Told<S['Assessment']>, { action: Action | 'undo'; role: Role }>;
export type Judged = Closer<
  Told<S['Judged']>,
  { assessment: Closer<Assessment, { action: Action }>; decision: Decision | null }
>;
export type Item = Closer<
  Told<S['ItemView']>,
  DeskWords & {
    adverse_event: AdverseEventEvidence | null;
    safety_case: Closer<Told<S['CaseState']>, { disposition: Disposition | null }> | null;
    thread: Closer<Told<S['ThreadContext']>, { posts: Post[] }> | null;
    parent: Post | null;
    decision: Decision | null;
    rescreened: Closer<Told<S['Rescreened']>, { decision: Decision | null }> | null;
    assessments: Assessment[];
    referrals: Referral[];
    appeal: Closer<Told<S['ItemAppeal']>, { decision: Decision | null }> | null;
  }
>;
type Asked = { asked_as: Role; end: Closer<Told<S['ReferralEnd']>, { role: Role }> | null };
/** A question that was put to another desk, and how it ended. */
export type Referral = Closer<Told<S['Referral']>, Asked>;
export type ReferralCard = Closer<Told<S['ReferralCard']>, Asked>;
export type ReferralPage = Closer<Told<S['ReferralList']>, { items: ReferralCard[] }>;
export type ReferralDetail = Closer<
  Told<S['ReferralDetail']>,
  Asked & {
    trail: Referral[];
    adverse_event: AdverseEventEvidence | null;
    safety_case: Closer<Told<S['CaseState']>, { disposition: Disposition | null }> | null;
  }
>;
export type ReferInput = S['ReferBody'];
export type ReferralAnswerInput = S['AnswerBody'];
export type ReferralQuery = NonNullable<
  paths['/api/review/referrals']['get']['parameters']['query']
>;
export type Note = Closer<Told<S['Note']>, { role: Role }>;
export type Notes = Closer<Told<S['Notes']>, { items: Note[] }>;
export type NoteInput = S['NoteBody'];
export type EarlierText = Closer<Told<S['EarlierText']>, { decision: Decision | null }>;
export type Background = Closer<Told<S['Background']>, { earlier: EarlierText[] }>;
export type QueueQuery = NonNullable<paths['/api/review/items']['get']['parameters']['query']>;
export type QueueView = NonNullable<QueueQuery['view']>;
export type RiskClass = S['RiskClass'];
export type SavedView = Told<S['SavedView']>;
export type ViewInput = S['ViewBody'];
export type SkipReason = S['SkipReason'];
export type SkipInput = S['SkipBody'];
export type TakeOverReason = S['TakeOverReason'];
export type Lease = Told<S['Lease']>;
export type DecisionInput = S['DecisionBody'];
export type Rescreening = Told<S['RescreeningView']>;
export type BulkInput = S['BulkBody'];
export type BulkResult = Told<S['BulkResult']>;
export type DispositionInput = S['DispositionBody'];
export type CaseDispositionInput = S['CaseDispositionBody'];

export type CaseCard = Told<S['CaseCard']>;
export type SafetyCase = Closer<Told<S['CaseView']>, { adverse_event: AdverseEventEvidence }>;

export type AuditRecord = Told<S['AuditRecord']>;
export type AuditQuery = NonNullable<paths['/api/audit/records']['get']['parameters']['query']>;
export type Checkpoint = Told<S['CheckpointView']>;
export type InclusionProof = Told<S['InclusionProof']>;
export type Verification = Told<S['VerificationView']>;
