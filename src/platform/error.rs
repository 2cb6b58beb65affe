//! What can go wrong, without HTTP: `web::problem` alone maps it to statuses.

use crate::platform::db::types::Id;
use std::fmt;

/// A sentence in the two languages of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

/// A machine code and what it means in words. `{}` in a detail stands for the arguments of a [`Fault`] or [`Refusal`], in order.
#[derive(Clone, Copy)]
pub struct Code {
    /// The stable machine name, snake_case.
    pub name: &'static str,
    /// A few words naming the class of fault.
    pub title: Text,
    /// A sentence a person can act on.
    pub detail: Text,
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Declares codes as constants named like themselves in capitals, and `ALL`, the table of them.
///
/// One line a code: `NAME "name" | title en / title zh | detail en / detail zh;`
#[macro_export]
macro_rules! codes {
    ($($konst:ident $name:literal : $ten:literal / $tzh:literal : $den:literal / $dzh:literal;)+) => {
        $(
            #[doc = $den]
            pub const $konst: $crate::platform::error::Code = $crate::platform::error::Code {
                name: $name,
                title: $crate::platform::error::Text { en: $ten, zh: $tzh },
                detail: $crate::platform::error::Text { en: $den, zh: $dzh },
            };
        )+
        /// Every code declared in this table.
        pub const ALL: &[$crate::platform::error::Code] = &[$($konst),+];
    };
}

/// One fault of the input: where, what, and what the sentence needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// JSON pointer (RFC 6901) into the body; for a query parameter `/name`.
    pub pointer: String,
    /// What is wrong.
    pub code: Code,
    /// Fills the `{}` of the code's detail.
    pub args: Vec<String>,
}

impl Fault {
    /// A fault at a place of the body.
    pub fn new(pointer: impl Into<String>, code: Code) -> Self {
        Self { pointer: pointer.into(), code, args: Vec::new() }
    }

    /// Adds what fills the next `{}` of the sentence.
    #[must_use]
    pub fn arg(mut self, value: impl ToString) -> Self {
        self.args.push(value.to_string());
        self
    }
}

/// Why the facts forbid an act.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// What forbids it.
    pub code: Code,
    /// Fills the `{}` of the code's detail.
    pub args: Vec<String>,
    /// The acts this caller may do instead.
    pub allowed_actions: Vec<&'static str>,
    /// What is there already and resembles what was sent, as far as this caller may know of it.
    pub alike: Vec<Alike>,
}

/// Something that is there already and resembles what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// What the two have in common.
    pub reasons: Vec<&'static str>,
}

impl Refusal {
    /// A refusal without arguments.
    pub fn new(code: Code) -> Self {
        Self { code, args: Vec::new(), allowed_actions: Vec::new(), alike: Vec::new() }
    }
}

/// The product's error. Few variants: a new one only where a caller's program would act otherwise.
#[derive(Debug)]
pub enum Error {
    /// Unknown, or not the caller's to know about.
    NotFound,
    /// Stage or facts forbid it, whatever the body says.
    Conflict(Refusal),
    /// The input is wrong: all faults at once.
    Invalid(Vec<Fault>),
    /// Known caller, not permitted.
    Forbidden(Code),
    /// No caller, or one we can't believe.
    Unauthenticated(Code),
    /// The caller's version is not the current one (its entity-tag).
    Stale {
        /// The entity-tag that holds now.
        current: String,
    },
    /// The act needs the version the caller has seen.
    VersionRequired,
    /// Overloaded or a resource is away: try again later.
    Busy,
    /// The write lost a race and must run again from the start; `Db::write` does so, a few times. Outside it is as [`Error::Busy`].
    Again,
    /// A defect or a broken machine; the text is for the log alone.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// The product's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A defect described in words, for the log.
    pub fn internal(what: impl Into<String>) -> Self {
        Self::Internal(what.into().into())
    }

    /// A 409 with a code.
    pub fn conflict(code: Code) -> Self {
        Self::Conflict(Refusal::new(code))
    }

    /// A single fault.
    pub fn fault(pointer: impl Into<String>, code: Code) -> Self {
        Self::Invalid(vec![Fault::new(pointer, code)])
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("not found"),
            Self::Conflict(r) => write!(f, "conflict: {:?}", r.code),
            Self::Invalid(faults) => write!(f, "invalid: {faults:?}"),
            Self::Forbidden(c) => write!(f, "forbidden: {c:?}"),
            Self::Unauthenticated(c) => write!(f, "unauthenticated: {c:?}"),
            Self::Stale { current } => write!(f, "stale, now {current}"),
            Self::VersionRequired => f.write_str("version required"),
            Self::Busy => f.write_str("busy"),
            Self::Again => f.write_str("lost a race"),
            Self::Internal(e) => write!(f, "internal: {e}"),
        }
    }
}

impl std::error::Error for Error {}

/// A database error is Busy when the same call may go through later, else Internal; 404 and 409 are explicit at the call.
impl From<diesel::result::Error> for Error {
    fn from(e: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Kind, Error as E};
        match &e {
            E::DatabaseError(Kind::SerializationFailure, _) => Self::Again,
            E::DatabaseError(_, info) if info.message().contains("deadlock detected") => Self::Again,
            E::DatabaseError(Kind::ClosedConnection | Kind::ReadOnlyTransaction, _) | E::BrokenTransactionManager => Self::Busy,
            E::DatabaseError(_, info) if is_passing(info.message()) => Self::Busy,
            _ => Self::Internal(Box::new(e)),
        }
    }
}

impl Error {
    /// Of an insert that looked before whether its keys are free: somebody else was first meanwhile, and the write runs again to see it.
    pub fn lost_race(e: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Kind, Error as E};
        match e {
            E::DatabaseError(Kind::UniqueViolation, _) => Self::Again,
            other => other.into(),
        }
    }
}

/// Conditions of the machine that pass (SQLite and PostgreSQL give them no kind of their own).
fn is_passing(message: &str) -> bool {
    const PASSING: &[&str] = &[
        "database or disk is full",
        "disk I/O error",
        "database is locked",
        "out of memory",
        "interrupted",
        "could not extend file",
        "No space left",
        "server closed the connection",
        "no connection to the server",
        "terminating connection",
        "the database system is",
        "could not connect",
        "canceling statement",
    ];
    PASSING.iter().any(|p| message.contains(p))
}
