/** What went wrong, as the server told it (RFC 9457), or `code: 'unreachable'` when no answer came. */
export class Problem extends Error {
  readonly status: number;
  /** Stable and machine-readable, for example `lease_lost`. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string | null;
  readonly errors: FieldError[];
  /** Seconds to wait before another attempt, where the server named them. */
  readonly retryAfter: number | null;

  constructor(parts: ProblemParts) {
    super(parts.detail || parts.title);
    this.name = 'Problem';
    this.status = parts.status;
    this.code = parts.code;
    this.title = parts.title;
    this.detail = parts.detail;
    this.requestId = parts.requestId ?? null;
    this.errors = parts.errors ?? [];
    this.retryAfter = parts.retryAfter ?? null;
  }

  /** The message for one field of a form, if the server refused that field. */
  field(name: string): string | undefined {
    return this.errors.find((error) => error.field === name)?.message;
  }
}

export interface FieldError {
  field: string;
  message: string;
}

interface ProblemParts {
  status: number;
  code: string;
  title: string;
  detail: string;
  requestId?: string | null;
  errors?: FieldError[];
  retryAfter?: number | null;
}

/** Reads any failed answer; one that is no problem document (a proxy's page, say) still becomes a Problem. */
export async function problemFrom(response: Response): Promise<Problem> {
  const after = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfter = Number.isFinite(after) ? after : null;
  const body: unknown = await response.json().catch(() => null);
  const said = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const text = (key: string): string => (typeof said[key] === 'string' ? said[key] : '');
  return new Problem({
    status: response.status,
    code: text('code') || `http_${response.status}`,
    title: text('title') || response.statusText,
    detail: text('detail'),
    requestId: text('request_id') || response.headers.get('x-request-id'),
    errors: fieldErrors(said['errors']),
    retryAfter,
  });
}

export function unreachable(): Problem {
  return new Problem({ status: 0, code: 'unreachable', title: '', detail: '' });
}

function fieldErrors(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (entry): entry is FieldError =>
      typeof entry === 'object' &&
      entry !== null &&
      typeof (entry as FieldError).field === 'string' &&
      typeof (entry as FieldError).message === 'string',
  );
}
