//! `xinfang account`: the first account, and a way back in when every administrator has forgotten their password.

use super::announce;
use super::options::{Database, explained, in_words};
use crate::account::model::{NewStaff, StaffView};
use crate::account::{password, repo as accounts, rules, service};
use crate::auth::context::Origin;
use crate::auth::{Context, Role};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::web::problem::fill;
use crate::unit::{self, UnitKind};
use clap::{Args, Subcommand};
use std::io::{BufRead, IsTerminal, Write};
use std::process::{Command, Stdio};

/// Make an account, or reset a forgotten password.
#[derive(Debug, Args)]
pub struct AccountCommand {
    /// What to do.
    #[command(subcommand)]
    pub act: AccountAct,
    #[command(flatten)]
    database: Database,
}

/// Opens the database and runs the command.
///
/// # Errors
/// In words.
pub(super) fn run_command(command: AccountCommand) -> Result<(), String> {
    let platform = command.database.open()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    let done = runtime.block_on(async {
        crate::app::prepare(&platform).await.map_err(|e| in_words(&e))?;
        run(command, &platform).await
    });
    platform.db.close();
    done
}

/// What `xinfang account` can do.
#[derive(Debug, Subcommand)]
pub enum AccountAct {
    /// Make an account; in an empty database with --unit-name the root unit too.
    Add(Add),
    /// Put a new password in place of a forgotten one; every session of the account ends.
    ResetPassword(ResetPassword),
}

/// `account add`
#[derive(Debug, Args)]
pub struct Add {
    /// The user name; capitals make no difference.
    #[arg(long)]
    pub username: String,
    /// The person's name.
    #[arg(long)]
    pub name: String,
    /// The code of the unit they belong to.
    #[arg(long, value_name = "CODE")]
    pub unit: String,
    /// The name of that unit, to make it as the root when there is no unit yet.
    #[arg(long)]
    pub unit_name: Option<String>,
    /// A role; may be given several times: receptionist, officer, unit_head, supervisor, leader, auditor, administrator.
    #[arg(long = "role", required = true, value_parser = role)]
    pub roles: Vec<Role>,
    /// Read the password from the standard input without asking for it.
    #[arg(long)]
    pub password_stdin: bool,
}

/// `account reset-password`
#[derive(Debug, Args)]
pub struct ResetPassword {
    /// The user name.
    #[arg(long)]
    pub username: String,
    /// Read the password from the standard input without asking for it.
    #[arg(long)]
    pub password_stdin: bool,
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| format!("there is no role `{text}`"))
}

/// Runs the command on an open database. The event is recorded as the system's.
///
/// # Errors
/// In words for the person at the terminal.
pub async fn run(command: AccountCommand, platform: &Platform) -> Result<(), String> {
    match command.act {
        AccountAct::Add(add) => {
            let password = ask_password(add.password_stdin, &add.username)?;
            let made = self::add(platform, add, &password).await.map_err(|e| explained(&e))?;
            announce(&format!("{} {}", made.id, made.username));
        }
        AccountAct::ResetPassword(reset) => {
            let password = ask_password(reset.password_stdin, &reset.username)?;
            reset_password(platform, &reset.username, &password).await.map_err(|e| explained(&e))?;
            announce(&format!("{}: the password is reset and every session has ended", rules::fold_username(&reset.username)));
        }
    }
    Ok(())
}

async fn add(platform: &Platform, add: Add, password: &str) -> Result<StaffView> {
    let password_hash = password::hash(password)?;
    write(platform, move |c, cx| {
        let unit = match (unit::repo::by_code(c, &add.unit)?, &add.unit_name) {
            (Some(unit), _) => unit,
            (None, Some(name)) if !unit::repo::any(c)? => {
                let root = unit::model::NewUnit {
                    id: None,
                    code: add.unit.clone(),
                    name: name.clone(),
                    kind: UnitKind::Bureau,
                    external: false,
                    parent_id: None,
                    review_unit_id: None,
                    valid_from: None,
                };
                unit::service::create(c, cx, &root)?
            }
            (None, _) => return Err(Error::fault("--unit", crate::codes::UNKNOWN_UNIT)),
        };
        let new = NewStaff {
            id: None,
            username: add.username.clone(),
            name: add.name.clone(),
            unit_id: unit.id,
            roles: add.roles.iter().copied().collect(),
            password_hash: password_hash.clone(),
        };
        let account = service::create(c, cx, new)?;
        service::view(c, account)
    })
    .await
}

async fn reset_password(platform: &Platform, username: &str, password: &str) -> Result<()> {
    let (folded, hash) = (rules::fold_username(username), password::hash(password)?);
    write(platform, move |c, cx| {
        let account = accounts::by_username(c, &folded)?.ok_or(Error::fault("--username", crate::codes::UNKNOWN_STAFF))?;
        service::reset_password(c, cx, account, &hash).map(drop)
    })
    .await
}

async fn write<T: Send + 'static>(
    platform: &Platform,
    f: impl Fn(&mut Conn, &mut Context) -> Result<T> + Send + Sync + 'static,
) -> Result<T> {
    let origin = Origin::system(platform, "command line");
    platform.db.write(move |c| f(c, &mut origin.context())).await
}

/// Reads a line, asking for it first and without showing it where somebody is typing.
fn ask_password(from_stdin: bool, username: &str) -> Result<String, String> {
    let typing = !from_stdin && std::io::stdin().is_terminal();
    if typing {
        eprint!("Password (at least {} characters): ", rules::PASSWORD_MIN);
        std::io::stderr().flush().map_err(|e| e.to_string())?;
        echo(false);
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    if typing {
        echo(true);
        eprintln!();
    }
    read.map_err(|e| format!("cannot read the password: {e}"))?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    match rules::password_fault("", &password, &rules::fold_username(username)) {
        Some(fault) => Err(fill(fault.code.detail.en, &fault.args)),
        None => Ok(password),
    }
}

/// Whether the terminal shows what is typed; where there is no stty it goes on showing it.
fn echo(on: bool) {
    let _ = Command::new("stty").arg(if on { "echo" } else { "-echo" }).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
}
