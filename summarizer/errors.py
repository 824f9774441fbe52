"""Every error of the package.

    SummarizerError
    ├── UsageError                 exit 2: found before any request is paid
    │   ├── SettingsError          a setting or argument that cannot be used
    │   ├── TemplateError          a prompt template or its manifest
    │   ├── ProfileError           a user's own profile
    │   └── OutputError            an output folder that cannot be used
    ├── InputError                 exit 1: one input that cannot become an article
    │   ├── UnreadableInputError   missing, not permitted, not a regular file
    │   ├── EmptyInputError        nothing to read in it
    │   ├── EncodingError          bytes that are no text, or text of no known encoding
    │   ├── FormatError            a broken line, markup, front matter or document
    │   ├── ParserLimitError       a document that takes more memory or time than one may
    │   ├── MissingExtraError      a document whose reader is not installed
    │   └── DuplicateInputError    an id that another article bears
    ├── AnswerError                exit 1: the model answered (paid) and the answer cannot be used
    │   ├── RefusedError           the model refused
    │   ├── FilteredError          the provider's content filter cut in
    │   ├── TruncatedError         the answer was cut at the output limit
    │   ├── NoChoicesError         an answer without a message
    │   └── InvalidAnswerError     an answer that does not fit the schema, after the re-asks
    ├── ExchangeError              exit 1: no usable answer to one article's request
    │   ├── BadRequestError        400, 404, 413, 422
    │   │   └── TooLongError       413, or more tokens than the model takes
    │   ├── DisconnectedError      no connection, or one closed before the answer, after the retries
    │   ├── ServerError            5xx, 408, 409, 425 after the retries
    │   ├── RateLimitedError       429 after the retries
    │   ├── ReplyTimeoutError      no complete answer in time (possibly paid)
    │   ├── CutReplyError          the connection broke within the answer (possibly paid)
    │   ├── NotJsonReplyError      200 with a body that is no chat completion (possibly paid)
    │   ├── ReplyTooLargeError     a body over the limit (possibly paid)
    │   ├── ReplayMissError        replay was asked for and holds no such recording
    │   └── NotSentError           requests were collected, to be counted or sent together later
    ├── RunStoppedError            exit 3: no request of this run can succeed; resumable
    │   ├── BudgetError            the run's own limit of money or tokens
    │   ├── AuthError              401, 403
    │   ├── QuotaError             402, 429 with the quota used up
    │   ├── UnknownModelError      the provider does not know the model
    │   ├── RedirectError          3xx, never followed
    │   ├── TlsError               the certificate does not hold
    │   ├── ThrottledError         nothing but 429 and 503 for minutes, or a wait of more than two minutes
    │   ├── UnreachableError       nobody answers at the address
    │   ├── NoBatchesError         the provider has no batch interface
    │   └── BatchRefusedError      the provider does not take a file of requests, or the job
    └── StoreError                 the answer store or a recording cannot be read or written

`kind` is the stable word that failures.jsonl and records carry. Messages name the thing, say what was expected and
what to do; they hold no article text and no key.
"""

from __future__ import annotations

from typing import Any, ClassVar


class SummarizerError(Exception):
    """The root. `kind` names the failure in output files, `exit_code` is the command's exit status."""

    kind: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    retryable: ClassVar[bool] = False
    possibly_paid: ClassVar[bool] = False
    # What an engine had spent on the article when this was raised (engines.Effort): a failure is paid for too.
    effort: Any = None


class UsageError(SummarizerError):
    """Something the caller gave cannot be used; found before any request is paid."""

    kind = "usage"
    exit_code = 2


class SettingsError(UsageError):
    """A setting or argument that cannot be used."""

    kind = "settings"


class TemplateError(UsageError):
    """A prompt template or the manifest that lists it."""

    kind = "template"


class ProfileError(UsageError):
    """A user's own profile that cannot be loaded."""

    kind = "profile"


class OutputError(UsageError):
    """An output folder that cannot be used."""

    kind = "output"


class InputError(SummarizerError):
    """One input that cannot become an article; the others go on."""

    kind = "input"


class UnreadableInputError(InputError):
    """Missing, not permitted, or not a regular file."""

    kind = "unreadable"


class EmptyInputError(InputError):
    """Nothing to read in it."""

    kind = "empty"


class EncodingError(InputError):
    """Bytes that are no text, or text of no known encoding."""

    kind = "encoding"


class FormatError(InputError):
    """A broken line, broken markup, broken front matter or a broken document."""

    kind = "format"


class ParserLimitError(InputError):
    """A document that takes more memory, time or nesting to read than one may."""

    kind = "parser_limit"


class MissingExtraError(InputError):
    """A document whose reader is an optional extra that is not installed."""

    kind = "missing_extra"


class DuplicateInputError(InputError):
    """An id that another, different article of the run bears."""

    kind = "duplicate_id"


class AnswerError(SummarizerError):
    """The model answered (paid), and the answer cannot be used."""

    kind = "answer"


class RefusedError(AnswerError):
    """The model refused to answer."""

    kind = "refused"


class FilteredError(AnswerError):
    """The provider's content filter cut in, even where the JSON looks complete."""

    kind = "filtered"


class TruncatedError(AnswerError):
    """The answer was cut at the output limit."""

    kind = "truncated"


class NoChoicesError(AnswerError):
    """An answer without a choice or without a message."""

    kind = "no_choices"


class InvalidAnswerError(AnswerError):
    """An answer that does not fit the schema, after the re-asks."""

    kind = "invalid_output"


class ExchangeError(SummarizerError):
    """No usable answer came back to one article's request."""

    kind = "exchange"


class BadRequestError(ExchangeError):
    """The provider says the request is wrong (400, 404, 413, 422)."""

    kind = "bad_request"


class TooLongError(BadRequestError):
    """The request holds more than the model or the provider takes (413, context length)."""

    kind = "too_long"


class DisconnectedError(ExchangeError):
    """No connection, or one closed before the answer began, also after the retries; others were answered in this run."""

    kind = "connection"
    retryable = True


class ServerError(ExchangeError):
    """The provider failed (5xx, 408, 409, 425), also after the retries."""

    kind = "server"
    retryable = True


class RateLimitedError(ExchangeError):
    """Refused for the rate of requests (429), also after the retries."""

    kind = "rate_limited"
    retryable = True


class ReplyTimeoutError(ExchangeError):
    """No complete answer within the deadline; the provider may charge for it."""

    kind = "timeout"
    retryable = True
    possibly_paid = True


class CutReplyError(ExchangeError):
    """The connection broke within the answer; the provider may charge for it."""

    kind = "cut_reply"
    retryable = True
    possibly_paid = True


class NotJsonReplyError(ExchangeError):
    """Status 200 with a body that is no chat completion; the provider may charge for it."""

    kind = "reply_not_json"
    retryable = True
    possibly_paid = True


class ReplyTooLargeError(ExchangeError):
    """A body over the size limit; the provider may charge for it."""

    kind = "reply_too_large"
    possibly_paid = True


class ReplayMissError(ExchangeError):
    """Replay was asked for, and no recording answers this request."""

    kind = "replay_miss"


class NotSentError(ExchangeError):
    """Requests were collected, to be counted or sent together later; nothing was sent."""

    kind = "not_sent"


class RunStoppedError(SummarizerError):
    """No request of this run can succeed; the run stops, resumable by the same command."""

    kind = "stopped"
    exit_code = 3


class BudgetError(RunStoppedError):
    """What is left of the run's budget does not cover the next request."""

    kind = "budget"


class AuthError(RunStoppedError):
    """The provider does not accept the key (401, 403)."""

    kind = "auth"


class QuotaError(RunStoppedError):
    """The account's quota or balance is used up (402, 429 with a quota code)."""

    kind = "quota"


class UnknownModelError(RunStoppedError):
    """The provider does not know the model."""

    kind = "unknown_model"


class RedirectError(RunStoppedError):
    """The address answers with a redirect, which is never followed."""

    kind = "redirect"


class TlsError(RunStoppedError):
    """The server's certificate does not hold."""

    kind = "tls"


class ThrottledError(RunStoppedError):
    """The provider refuses everything for its rate or its load, for minutes or for longer than a run waits (429, 503)."""

    kind = "rate_limited"
    retryable = True


class UnreachableError(RunStoppedError):
    """Nobody answers at the address."""

    kind = "connection"
    retryable = True


class NoBatchesError(RunStoppedError):
    """The provider has no batch interface at this address."""

    kind = "no_batches"


class BatchRefusedError(RunStoppedError):
    """The provider does not take a file of requests, or the job over it."""

    kind = "batch_refused"


class StoreError(SummarizerError):
    """The answer store or a recording cannot be read or written."""

    kind = "store"
