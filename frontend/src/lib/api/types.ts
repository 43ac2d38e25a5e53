// The words of the server, as TypeScript. Times are RFC 3339 in UTC; ids are uuid strings.

export type Role =
  'member' | 'moderator' | 'safety_officer' | 'medical_reviewer' | 'inspector' | 'administrator';
export type SpeakerClass = 'company' | 'agent' | 'professional' | 'patient' | 'partner';
export type Audience = 'professionals' | 'patients' | 'partners';
export type Surface = 'thread' | 'reply' | 'profile_line' | 'community_description';
export type Verdict = 'clear' | 'hold' | 'escalate';
export type Family = 'fair_balance' | 'adverse_event' | 'off_label' | 'privacy' | 'conduct';
export type Severity = 'info' | 'minor' | 'major' | 'critical';
export type SubmissionState =
  'in_review' | 'changes_requested' | 'released' | 'rejected' | 'withdrawn' | 'superseded';
export type ItemState = 'waiting' | 'decided' | 'withdrawn' | 'superseded';
export type Action = 'release' | 'request_changes' | 'reject';
export type ReasonCode =
  | 'fair_balance'
  | 'off_label'
  | 'adverse_event_detail'
  | 'privacy'
  | 'conduct'
  | 'off_topic'
  | 'duplicate'
  | 'unclear'
  | 'other';
export type Disposition = 'adverse_event' | 'not_adverse_event';
export type NotAdverseEventReason =
  | 'no_product'
  | 'no_event'
  | 'illness_or_indication'
  | 'hearsay_without_patient'
  | 'hypothetical_or_question'
  | 'quoted_or_label_text'
  | 'benefit_only'
  | 'other';
export type ProductStatus =
  'approved' | 'approved_boxed_warning' | 'approved_device' | 'investigational';
export type TextField = 'title' | 'body';

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface About {
  name: string;
  version: string;
  demo: boolean;
  company: { name: string; safety_contact: string; medical_information_contact: string };
  reporting_statement: string;
}

export interface CommunityName {
  id: string;
  slug: string;
  name: string;
  audience: Audience;
}

export interface Membership {
  community: CommunityName;
  roles: Role[];
  speaker: SpeakerClass;
}

export interface Me {
  account: { id: string; name: string; email: string };
  administrator: boolean;
  memberships: Membership[];
  expires_at: string;
}

export interface Device {
  id: string;
  created_at: string;
  last_seen_at: string;
  user_agent: string;
  current: boolean;
}

export interface Persona {
  name: string;
  email: string;
  password: string;
  title: string;
  blurb: string;
  community: string;
  roles: Role[];
}

export interface Invitation {
  kind: 'community' | 'server_administrator';
  community: { name: string; audience: Audience } | null;
  /** Null for the first administrator, who names their own. */
  email: string | null;
  name: string;
  speaker: SpeakerClass;
  roles: Role[];
  expires_at: string;
  has_account: boolean;
}

export interface CommunityCard extends CommunityName {
  description_html: string | null;
  thread_count: number;
  member_count: number;
  roles: Role[];
  speaker: SpeakerClass;
  unread?: number;
}

export interface Product {
  id: string;
  name: string;
  established_name: string | null;
  status: ProductStatus;
  indication: string;
  boxed_warning: string | null;
}

export interface Community extends CommunityName {
  description_html: string | null;
  description_pending?: boolean;
  products: Product[];
  roles: Role[];
  speaker: SpeakerClass;
  member_count: number;
  stream: string;
  seq: number;
}

export interface Member {
  account_id: string;
  name: string;
  speaker: SpeakerClass;
  roles: Role[];
  profile_html: string | null;
  joined_at: string;
  you: boolean;
}

export interface SentInvitation {
  id: string;
  email: string;
  name: string;
  speaker: SpeakerClass;
  roles: Role[];
  invited_by: string;
  created_at: string;
  expires_at: string;
  state: 'open' | 'accepted' | 'expired' | 'revoked';
}

export interface Author {
  account_id: string;
  name: string;
  speaker: SpeakerClass;
}

export interface ThreadCard {
  id: string;
  title: string;
  author: Author;
  product: { id: string; name: string } | null;
  reply_count: number;
  last_activity_at: string;
  started_at: string;
  excerpt: string;
}

export interface Post {
  id: string;
  thread_id: string;
  parent_id: string | null;
  author: Author;
  title: string | null;
  body_html: string;
  /** The Markdown source; told only to the author. */
  body?: string | null;
  edited: boolean;
  released_at: string;
  seq: number;
  revision_number: number;
  can_edit: boolean;
}

export interface Thread {
  id: string;
  title: string;
  community: CommunityName;
  product: { id: string; name: string } | null;
  stream: string;
  seq: number;
  posts: Post[];
  /** One's own texts here that are not released; nobody else sees them. */
  mine_waiting: Submission[];
}

export interface Accepted {
  submission_id: string;
  post_id: string;
  thread_id: string | null;
  state: 'in_review';
  status_url: string;
  expected_by: string;
}

/** A place in a field, in UTF-16 code units. */
export interface Span {
  start: number;
  end: number;
}

export interface AuthorFinding extends Span {
  rule: string;
  title: string;
  family: Family;
  severity: Severity;
  field: TextField;
  matched: string;
  remedy: string;
  clause: string;
}

export interface Precheck {
  verdict: Verdict;
  findings: AuthorFinding[];
  rule_set_hash: string;
}

export interface PrecheckInput {
  community: string;
  surface: Surface;
  thread_id?: string;
  parent_id?: string;
  product_id?: string;
  /** For a further version of a text. */
  post_id?: string;
  title?: string;
  body: string;
}

export interface Submission {
  id: string;
  post_id: string;
  thread_id: string | null;
  parent_id: string | null;
  community: { slug: string; name: string };
  surface: Surface;
  title: string | null;
  body: string;
  body_html: string;
  state: SubmissionState;
  submitted_at: string;
  expected_by: string;
  revision_number: number;
  /** Only the newest version of a text can be revised. */
  newest: boolean;
  thread_title: string | null;
  decision: {
    action: Action;
    reason_code: ReasonCode | null;
    words: string | null;
    decided_at: string;
  } | null;
  findings: AuthorFinding[];
}

export interface ItemCard {
  id: string;
  community: { slug: string; name: string };
  surface: Surface;
  author: Author;
  excerpt: string;
  title: string | null;
  verdict: Verdict;
  families: Family[];
  priority: number;
  submitted_at: string;
  due_at: string;
  claim: { by: { id: string; name: string }; until: string; you: boolean } | null;
  needs_disposition: boolean;
  own: boolean;
  state: ItemState;
}

export interface ItemPage extends Page<ItemCard> {
  counts: {
    waiting: number;
    overdue: number;
    claimed_by_you: number;
    by_family: Partial<Record<Family, number>>;
  };
}

export interface Finding extends AuthorFinding {
  status: string[];
  message: string;
  rationale: string;
}

export interface Criterion {
  met: boolean;
  evidence: string | null;
  /** Where the evidence stands; null when it was inferred. */
  field: TextField | null;
  start: number | null;
  end: number | null;
  inferred_from: 'thread' | 'title' | 'community' | 'account' | null;
}

export interface AdverseEventEvidence {
  reporter: Criterion;
  patient: Criterion;
  product: Criterion;
  reaction: Criterion;
  seriousness: string[];
  special_situations: string[];
}

export interface Decision {
  id: string;
  action: Action;
  reason_code: ReasonCode | null;
  words: string | null;
  decided_by: { id: string; name: string; role: Role };
  decided_at: string;
  revision_hash: string;
  rule_set_hash: string;
}

export interface Item extends ItemCard {
  revision: {
    id: string;
    number: number;
    hash: string;
    title: string | null;
    body: string;
    body_html: string;
    submitted_at: string;
  };
  previous_released: { title: string | null; body: string; body_html: string } | null;
  rule_set_hash: string;
  /** Why the rules hold it, in sentences. */
  reasons: string[];
  findings: Finding[];
  technical_reason: string | null;
  adverse_event: AdverseEventEvidence | null;
  safety_case: { id: string; disposition: Disposition | null } | null;
  thread: { id: string; title: string; posts: Post[] } | null;
  parent: Post | null;
  author_history: {
    released: number;
    changes_requested: number;
    rejected: number;
    member_since: string | null;
  };
  decision: Decision | null;
}

export interface Lease {
  fence: number;
  until: string;
}

export interface DecisionInput {
  fence: number;
  revision_hash: string;
  rule_set_hash: string;
  action: Action;
  reason_code?: ReasonCode;
  words?: string;
}

export interface DispositionInput {
  fence: number;
  disposition: Disposition;
  reason_code?: NotAdverseEventReason;
  words?: string;
}

export type CaseState = 'awaiting_disposition' | 'adverse_event' | 'not_adverse_event';

export interface CaseCard {
  id: string;
  number: string;
  community: { slug: string; name: string };
  surface: Surface;
  author: Author;
  day_zero: string;
  state: CaseState;
  excerpt: string;
  criteria: { reporter: boolean; patient: boolean; product: boolean; reaction: boolean };
  valid_icsr: boolean;
  seriousness: string[];
  special_situations: string[];
  due: { hand_over_at: string; report_at: string };
  post_state: SubmissionState;
}

export interface SafetyCase extends CaseCard {
  body: string;
  title: string | null;
  body_html: string;
  adverse_event: AdverseEventEvidence;
  findings: Finding[];
  disposition: {
    disposition: Disposition;
    reason_code: NotAdverseEventReason | null;
    words: string | null;
    by: string | null;
    at: string | null;
  } | null;
}

export interface AuditRecord {
  id: string;
  at: string;
  actor: { id: string | null; name: string | null; role: string };
  action: string;
  object: { kind: string; id: string };
  community: { slug: string; name: string } | null;
  change: unknown;
  why: string | null;
  from: unknown;
  leaf_index: number | null;
  /** Canonical JSON, as it was hashed. */
  body: string;
  leaf_hash: string | null;
}

export interface AuditQuery {
  actor?: string;
  action?: string;
  object?: string;
  community?: string;
  from?: string;
  to?: string;
  cursor?: string;
  limit?: number;
}

export interface Checkpoint {
  origin: string;
  size: number;
  root: string;
  note: string;
  signed_at: string;
  public_key: string;
  unsealed: number;
}

export interface InclusionProof {
  leaf_index: number;
  leaf_hash: string;
  tree_size: number;
  root: string;
  hashes: string[];
  note: string;
}

export interface Verification {
  ok: boolean;
  records: number;
  checkpoint_size: number;
  fault: string | null;
}
