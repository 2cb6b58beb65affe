//! Where the database is and how it is opened: what every command that opens one takes.

use crate::platform::Platform;
use crate::platform::clock::Clock;
use crate::platform::config::{self, Config, File};
use crate::platform::db::DatabaseUrl;
use crate::platform::error::{Error, Fault};
use crate::platform::ids::Ids;
use crate::platform::objects::ObjectsUrl;
use crate::platform::web::problem::fill;
use chrono::Duration;
use chrono_tz::Tz;
use clap::Args;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Options of every command that opens a database.
#[derive(Debug, Clone, Args)]
pub struct Database {
    /// Where the database is: sqlite:PATH, or postgres://… (default: sqlite:xinfang.db)
    #[arg(long, global = true, env = "XINFANG_DATABASE_URL", value_name = "URL")]
    pub database_url: Option<String>,
    /// The file that wraps the data keys (default: xinfang.key beside the SQLite file, or in the working directory)
    #[arg(long, global = true, env = "XINFANG_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Where attachments are kept: a folder, or s3://BUCKET/PREFIX in a build that knows it (default: xinfang.attachments beside the SQLite file, or in the working directory)
    #[arg(long, global = true, env = "XINFANG_ATTACHMENTS_URL", value_name = "URL")]
    pub attachments_url: Option<String>,
    /// A TOML file with settings: database_url, bind, key_file, attachments_url, office_zone, office_code, rate_per_second, rate_burst
    #[arg(long, global = true, env = "XINFANG_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The office's time zone, an IANA name (default: Asia/Shanghai)
    #[arg(long, global = true, env = "XINFANG_OFFICE_ZONE", value_name = "ZONE")]
    pub office_zone: Option<Tz>,
    /// The letters a petition's number begins with (default: XF)
    #[arg(long, global = true, env = "XINFANG_OFFICE_CODE", value_name = "CODE")]
    pub office_code: Option<String>,
}

impl Database {
    /// The settings, command line and environment over the file over the defaults.
    ///
    /// # Errors
    /// In words.
    pub fn settings(&self) -> Result<(Config, File), String> {
        let file = match &self.config {
            Some(path) => File::read(path)?,
            None => File::default(),
        };
        let url = self.database_url.clone().or_else(|| file.database_url.clone()).unwrap_or_else(|| "sqlite:xinfang.db".to_owned());
        let database: DatabaseUrl = url.parse().map_err(|e: crate::platform::db::UrlError| e.to_string())?;
        let key_beside = database.folder().map(|folder| folder.join("xinfang.key"));
        let key_file =
            self.key_file.clone().or_else(|| file.key_file.clone()).or(key_beside).unwrap_or_else(|| PathBuf::from("xinfang.key"));
        let objects = self.attachments_url.clone().or_else(|| file.attachments_url.clone());
        let objects = objects.map_or_else(|| Ok(beside(&database)), |url| url.parse())?;
        let office_code = self.office_code.clone().or_else(|| file.office_code.clone()).unwrap_or_else(|| "XF".to_owned());
        config::check_office_code(&office_code)?;
        let config = Config {
            database,
            bind: file.bind.unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 8080))),
            key_file,
            objects,
            zone: self.office_zone.or(file.office_zone).unwrap_or(chrono_tz::Asia::Shanghai),
            office_code,
            rate_per_second: file.rate_per_second.unwrap_or(200),
            rate_burst: file.rate_burst.unwrap_or(2000),
            clock_offset: Duration::zero(),
            rehearsal: false,
            demo: false,
        };
        Ok((config, file))
    }

    /// Opens the database with the machine's clock.
    ///
    /// # Errors
    /// In words.
    pub fn open(&self) -> Result<Platform, String> {
        let (config, _) = self.settings()?;
        open(config)
    }
}

/// The folder of attachments that goes with a database: it bears the SQLite file's name.
pub fn beside(database: &DatabaseUrl) -> ObjectsUrl {
    ObjectsUrl::Folder(match database {
        DatabaseUrl::Sqlite(path) => path.with_extension("attachments"),
        DatabaseUrl::Pg(_) => PathBuf::from("xinfang.attachments"),
    })
}

/// Opens a database as settings say.
///
/// # Errors
/// In words.
pub fn open(config: Config) -> Result<Platform, String> {
    let clock = Clock::System(config.clock_offset);
    Platform::open(config, clock, Ids::Random).map_err(|e| in_words(&e))
}

/// An error for the command line.
pub fn in_words(error: &Error) -> String {
    match error {
        Error::Internal(cause) => cause.to_string(),
        Error::Busy | Error::Again => "the database can't be reached or is busy".to_owned(),
        other => other.to_string(),
    }
}

/// An error with each fault of what was handed in on a line of its own.
pub fn explained(error: &Error) -> String {
    match error {
        Error::Invalid(faults) => {
            let said = |fault: &Fault| match (fault.pointer.trim_start_matches('/'), fill(fault.code.detail.en, &fault.args)) {
                ("", what) => what,
                (place, what) => format!("{place}: {what}"),
            };
            faults.iter().map(said).collect::<Vec<_>>().join("\n")
        }
        Error::Conflict(refusal) => fill(refusal.code.detail.en, &refusal.args),
        other => in_words(other),
    }
}
