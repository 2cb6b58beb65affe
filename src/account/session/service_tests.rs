//! Sessions on a real database: rotation, grace, theft, suspension.
#![allow(clippy::unwrap_used)]

use super::model::{Denial, TokenAnswer, Visitor};
use super::sign_in::{SignIn, sign_out, with_refresh_token};
use crate::account::model::{AccountStatus, NewStaff, StaffChange};
use crate::account::{Passwords, password, service};
use crate::auth::context::Origin;
use crate::auth::token::Tokens;
use crate::auth::{Context, Role, Roles};
use crate::codes;
use crate::platform::db::types::Id;
use crate::platform::db::{Conn, connect, in_transaction};
use crate::platform::error::{Code, Error, Result};
use crate::platform::web::IfMatch;
use crate::platform::{Platform, for_tests};
use crate::unit::{UnitKind, model::NewUnit, service as units};
use chrono::Duration;

const PASSWORD: &str = "correct horse";

struct Office {
    _folder: tempfile::TempDir,
    platform: Platform,
    tokens: Tokens,
    door: SignIn,
    unit: Id,
    admin: Id,
}

impl Office {
    fn new() -> Self {
        let (folder, platform) = for_tests::platform();
        let hash = password::hash(PASSWORD).unwrap();
        let unit = NewUnit {
            id: None,
            code: "bureau".to_owned(),
            name: "县老干部局".to_owned(),
            kind: UnitKind::Bureau,
            external: false,
            parent_id: None,
            review_unit_id: None,
            valid_from: None,
        };
        let (unit, admin) = write(&platform, |c, cx| {
            let unit = units::create(c, cx, &unit)?.id;
            let roles = Roles::of(&[Role::Administrator]);
            let new = NewStaff { id: None, username: "Admin".into(), name: "樊辰".into(), unit_id: unit, roles, password_hash: hash };
            Ok((unit, service::create(c, cx, new)?.id))
        })
        .unwrap();
        let tokens = Tokens::new(&platform.keys).unwrap();
        Self { _folder: folder, platform, tokens, door: SignIn::new(Passwords::default()), unit, admin }
    }

    fn pass(&self, time: Duration) {
        self.platform.clock.move_to(self.platform.clock.now() + time);
    }

    async fn sign_in(&self, username: &str, password: &str) -> Result<TokenAnswer, Denial> {
        self.door.with_password(&self.platform, &self.tokens, visitor("desk"), "10.0.0.7".into(), username, password.to_owned()).await
    }

    async fn renew(&self, token: &str, from: &str) -> Result<TokenAnswer, Denial> {
        with_refresh_token(&self.platform, &self.tokens, visitor(from), token.to_owned()).await
    }

    fn change(&self, change: StaffChange, hash: Option<&str>) -> Result<()> {
        write(&self.platform, |c, cx| {
            let account = service::open(c, cx, self.admin)?;
            service::change(c, cx, account, &change, hash).map(drop)
        })
    }
}

fn write<T>(platform: &Platform, f: impl FnOnce(&mut Conn, &mut Context) -> Result<T>) -> Result<T> {
    let origin = Origin { if_match: IfMatch::Any, ..Origin::system(platform, "test") };
    in_transaction(&mut connect(&platform.config.database, false).unwrap(), |c| f(c, &mut origin.context()))
}

fn visitor(user_agent: &str) -> Visitor {
    Visitor { address: "10.0.0.7".into(), user_agent: user_agent.into(), request_id: "test".into() }
}

fn refusal(outcome: Result<TokenAnswer, Denial>) -> Code {
    match outcome {
        Err(Denial::Grant(code)) => code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_lost_answer_is_given_again_and_a_stolen_token_ends_the_session() {
    let office = Office::new();
    let first = office.sign_in(" ADMIN", PASSWORD).await.unwrap();
    assert!(office.tokens.check(&first.access_token, office.platform.clock.now()).unwrap().roles.has(Role::Administrator));
    let second = office.renew(&first.refresh_token, "desk").await.unwrap();
    assert_ne!(first.refresh_token, second.refresh_token);

    office.pass(Duration::seconds(60));
    assert_eq!(office.renew(&first.refresh_token, "desk").await.unwrap().refresh_token, second.refresh_token);
    let third = office.renew(&second.refresh_token, "desk").await.unwrap();

    assert_eq!(refusal(office.renew(&second.refresh_token, "elsewhere").await), codes::NO_SUCH_GRANT);
    assert_eq!(refusal(office.renew(&third.refresh_token, "desk").await), codes::NO_SUCH_GRANT, "the whole family ended");
}

#[tokio::test]
async fn a_token_used_late_ends_the_session_too() {
    let office = Office::new();
    let first = office.sign_in("admin", PASSWORD).await.unwrap();
    let second = office.renew(&first.refresh_token, "desk").await.unwrap();
    office.pass(Duration::seconds(61));
    assert_eq!(refusal(office.renew(&first.refresh_token, "desk").await), codes::NO_SUCH_GRANT);
    assert_eq!(refusal(office.renew(&second.refresh_token, "desk").await), codes::NO_SUCH_GRANT);
}

#[tokio::test]
async fn sessions_end_by_time_by_their_holder_and_by_the_administrator() {
    let office = Office::new();
    let old = office.sign_in("admin", PASSWORD).await.unwrap();
    office.pass(Duration::days(30));
    assert_eq!(refusal(office.renew(&old.refresh_token, "desk").await), codes::NO_SUCH_GRANT);

    let left = office.sign_in("admin", PASSWORD).await.unwrap();
    sign_out(&office.platform, visitor("desk"), left.refresh_token.clone()).await.unwrap();
    sign_out(&office.platform, visitor("desk"), "nonsense".into()).await.unwrap();
    assert_eq!(refusal(office.renew(&left.refresh_token, "desk").await), codes::NO_SUCH_GRANT);

    let forgotten = office.sign_in("admin", PASSWORD).await.unwrap();
    let hash = password::hash("another horse").unwrap();
    office.change(StaffChange { password: Some("another horse".into()), ..StaffChange::default() }, Some(&hash)).unwrap();
    assert_eq!(refusal(office.renew(&forgotten.refresh_token, "desk").await), codes::NO_SUCH_GRANT);
    assert_eq!(refusal(office.sign_in("admin", PASSWORD).await), codes::WRONG_CREDENTIALS);
    office.sign_in("admin", "another horse").await.unwrap();
}

#[tokio::test]
async fn a_suspended_account_is_told_so_only_with_its_password() {
    let office = Office::new();
    let suspend = || StaffChange { status: Some(AccountStatus::Suspended), ..StaffChange::default() };
    assert!(matches!(office.change(suspend(), None), Err(Error::Conflict(r)) if r.code == codes::LAST_ADMINISTRATOR));

    let hash = password::hash("another horse").unwrap();
    let (unit, roles) = (office.unit, Roles::of(&[Role::Administrator]));
    let second = NewStaff { id: None, username: "second".into(), name: "叶乙".into(), unit_id: unit, roles, password_hash: hash };
    write(&office.platform, |c, cx| service::create(c, cx, second)).unwrap();
    let session = office.sign_in("admin", PASSWORD).await.unwrap();
    office.change(suspend(), None).unwrap();
    assert_eq!(refusal(office.sign_in("admin", PASSWORD).await), codes::ACCOUNT_SUSPENDED);
    assert_eq!(refusal(office.sign_in("admin", "wrong wrong").await), codes::WRONG_CREDENTIALS);
    assert_eq!(refusal(office.renew(&session.refresh_token, "desk").await), codes::NO_SUCH_GRANT);
}

#[tokio::test]
async fn failures_shut_the_door_before_the_password_is_looked_at() {
    let office = Office::new();
    for username in ["admin", "nobody", "no\0body"] {
        for _ in 0..5 {
            assert_eq!(refusal(office.sign_in(username, "wrong wrong").await), codes::WRONG_CREDENTIALS);
        }
        assert!(matches!(office.sign_in(username, PASSWORD).await, Err(Denial::SlowDown(wait)) if wait == Duration::seconds(1)));
    }
    office.pass(Duration::seconds(1));
    office.sign_in("admin", PASSWORD).await.unwrap();
}
