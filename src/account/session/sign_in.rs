//! The door: back-off before hashing, hashing before the transaction, signing after it.

use super::model::{Admitted, Denial, Outcome, TokenAnswer, Visitor};
use super::service;
use super::throttle::Throttle;
use crate::account::model::permissions;
use crate::account::password::Passwords;
use crate::account::{repo as accounts, rules};
use crate::auth::Context;
use crate::auth::context::Origin;
use crate::auth::token::{LIFETIME, Tokens};
use crate::codes;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use std::sync::Arc;

/// Lets people in. Kept for the life of the process: it remembers failures.
#[derive(Debug, Clone)]
pub struct SignIn {
    passwords: Passwords,
    throttle: Arc<Throttle>,
}

impl SignIn {
    /// Shares the queue of `passwords`.
    pub fn new(passwords: Passwords) -> Self {
        Self { passwords, throttle: Arc::default() }
    }

    /// Begins a session with a password. `network` is what the address counts as.
    ///
    /// # Errors
    /// Why not.
    pub async fn with_password(
        &self,
        platform: &Platform,
        tokens: &Tokens,
        visitor: Visitor,
        network: String,
        username: &str,
        password: String,
    ) -> Result<TokenAnswer, Denial> {
        let username: String = rules::fold_username(username).chars().take(*rules::USERNAME.end()).collect();
        let clock = platform.clock.clone();
        // before waiting, so that the queue stays free; and again in turn, when everybody before has been counted
        self.must_not_wait(&username, &network, platform)?;
        let turn = self.passwords.turn().await?;
        self.must_not_wait(&username, &network, platform)?;
        let name = username.clone();
        // a name that nobody can have is not looked up: not every character can be asked for
        let can_be = rules::username_fits(&name);
        let account = platform.db.read(move |c| if can_be { accounts::by_username(c, &name) } else { Ok(None) }).await?;
        let known = account.map(|account| (account.id, account.password_hash));
        let throttle = Arc::clone(&self.throttle);
        let settle = move |fits: bool| match fits {
            true => throttle.succeeded(&username),
            false => throttle.failed(&username, &network, clock.now()),
        };
        let fits = turn.verify(password, known.as_ref().map(|(_, hash)| hash.clone()), settle).await?;
        match known {
            Some((id, hash)) if fits => {
                let outcome = write(platform, &visitor.clone(), move |c, cx| service::admit(c, cx, id, &hash, &visitor)).await?;
                answer(platform, tokens, outcome)
            }
            _ => {
                let id = known.map(|(id, _)| id);
                write(platform, &visitor.clone(), move |c, cx| service::turn_away(c, cx, id, &visitor)).await?;
                Err(Denial::Grant(codes::WRONG_CREDENTIALS))
            }
        }
    }

    fn must_not_wait(&self, username: &str, network: &str, platform: &Platform) -> Result<(), Denial> {
        self.throttle.wait(username, network, platform.clock.now()).map_or(Ok(()), |wait| Err(Denial::SlowDown(wait)))
    }
}

/// Carries a session on with its refresh token.
///
/// # Errors
/// Why not.
pub async fn with_refresh_token(platform: &Platform, tokens: &Tokens, visitor: Visitor, token: String) -> Result<TokenAnswer, Denial> {
    let outcome = write(platform, &visitor.clone(), move |c, cx| service::carry_on(c, cx, &token, &visitor)).await?;
    answer(platform, tokens, outcome)
}

/// Ends a session.
///
/// # Errors
/// Busy or internal only.
pub async fn sign_out(platform: &Platform, visitor: Visitor, token: String) -> Result<()> {
    write(platform, &visitor.clone(), move |c, cx| service::end(c, cx, &token, &visitor)).await
}

/// A write that nobody with a token asked for.
async fn write<T, F>(platform: &Platform, visitor: &Visitor, f: F) -> Result<T>
where
    T: Send + 'static,
    F: Fn(&mut Conn, &mut Context) -> Result<T> + Send + Sync + 'static,
{
    let origin = Origin::system(platform, &visitor.request_id);
    platform.db.write(move |c| f(c, &mut origin.context())).await
}

fn answer(platform: &Platform, tokens: &Tokens, outcome: Outcome) -> Result<TokenAnswer, Denial> {
    match outcome {
        Outcome::Refused(code) => Err(Denial::Grant(code)),
        Outcome::Admitted(Admitted { actor, token_id, refresh_token }) => Ok(TokenAnswer {
            access_token: tokens.sign(&actor, token_id, platform.clock.now())?,
            token_type: "Bearer",
            expires_in: LIFETIME.num_seconds(),
            refresh_token,
            scope: permissions(actor.roles).join(" "),
        }),
    }
}
