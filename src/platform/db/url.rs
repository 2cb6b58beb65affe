//! The database URL: its scheme picks the engine.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `sqlite:PATH`.
    Sqlite(PathBuf),
    /// `postgres://…` or `postgresql://…`, kept as written.
    Pg(String),
}

/// Why a URL is refused, in words for the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlError(pub String);

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UrlError {}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(':') || path.contains('?') {
                return Err(UrlError(format!("`{text}` names no file; write sqlite:PATH")));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            let from_environment = std::env::var("PGSSLMODE").ok();
            return match demanded_tls(text).or_else(|| from_environment.filter(|m| is_demand(m))) {
                Some(mode) => Err(UrlError(format!(
                    "sslmode={mode} can't be kept: this build has no TLS to PostgreSQL. Use a socket, a private network or a TLS side-car with sslmode=disable."
                ))),
                None => Ok(Self::Pg(text.to_owned())),
            };
        }
        Err(UrlError("the database URL must begin with sqlite:, postgres:// or postgresql://".to_owned()))
    }
}

fn demanded_tls(url: &str) -> Option<String> {
    let query = url.split_once('?')?.1;
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(k, v)| *k == "sslmode" && is_demand(v)).map(|(_, v)| v.to_owned())
}

fn is_demand(mode: &str) -> bool {
    matches!(mode, "require" | "verify-ca" | "verify-full")
}

impl DatabaseUrl {
    /// The folder of the SQLite file, where the key is looked for; none for PostgreSQL.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))),
            Self::Pg(_) => None,
        }
    }
}

/// Without the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Pg(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", ""));
                let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
                write!(f, "{scheme}://{}", host.split('?').next().unwrap_or_default())
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_picks_the_engine_and_a_bad_one_makes_no_file() {
        assert_eq!("sqlite:a.db".parse(), Ok(DatabaseUrl::Sqlite("a.db".into())));
        assert_eq!("sqlite:///x/a.db".parse(), Ok(DatabaseUrl::Sqlite("/x/a.db".into())));
        assert!(matches!("postgres://u:p@h/d".parse(), Ok(DatabaseUrl::Pg(_))));
        for bad in ["", "a.db", "mysql://h/d", "sqlite:", "sqlite::memory:", "postgres:/x", "postgres://h/d?sslmode=require"] {
            assert!(bad.parse::<DatabaseUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_password_is_not_shown() {
        let url: DatabaseUrl = "postgres://u:secret@h/d?x=1".parse().unwrap();
        assert_eq!(format!("{url} {url:?}"), "postgres://h/d postgres://h/d");
    }
}
