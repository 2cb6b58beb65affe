//! The sample office the load works in: who signs in, which units there are, which petitions are read.

use super::client::{Call, Connection};
use super::repo;
use crate::demo;
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use std::cell::RefCell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// A token is taken anew after this long; it lives 15 minutes.
const FRESH: Duration = Duration::from_secs(240);

/// What is known of the office before the load begins.
pub struct Office {
    /// The unit that registers: the desk's.
    pub reception: Id,
    /// The unit that handles: the officer's.
    pub medical: Id,
    /// Petitions to read, spread over all there are.
    pub ids: Vec<Id>,
    tokens: RefCell<HashMap<&'static str, (Rc<str>, Instant)>>,
}

impl Office {
    /// Looks it up.
    ///
    /// # Errors
    /// In words when this is no sample office.
    pub fn of(c: &mut Conn) -> Result<Self> {
        let none =
            || Error::internal("the sample office is not in this database: fill one with `xinfang bench seed` or `xinfang serve --demo`");
        let mut unit = |code| repo::unit_by_code(c, code)?.ok_or_else(none);
        let (reception, medical) = (unit("reception")?, unit("medical")?);
        let ids = repo::spread_ids(c, 20_000)?;
        if ids.is_empty() {
            return Err(Error::internal("there are no petitions in this database: seed it first, with `xinfang bench seed`"));
        }
        Ok(Self { reception, medical, ids, tokens: RefCell::default() })
    }

    /// An access token of somebody of the sample office.
    ///
    /// # Errors
    /// In words when they can't sign in.
    pub async fn token(&self, address: SocketAddr, username: &'static str) -> Result<Rc<str>> {
        if let Some((token, _)) = self.tokens.borrow().get(username).filter(|(_, since)| since.elapsed() < FRESH) {
            return Ok(Rc::clone(token));
        }
        let refused = |why: &dyn std::fmt::Display| {
            Error::internal(format!("{username} of the sample office can't sign in ({why}): is this a seeded or demonstration database?"))
        };
        let form = format!("grant_type=password&username={username}&password={}", demo::PASSWORD);
        let body = Some(("application/x-www-form-urlencoded", form.as_str()));
        let mut connection = Connection::to(address);
        let call = Call { method: "POST", path: "/api/v1/auth/token", body, ..Call::default() };
        let reply = connection.send(call).await.map_err(|e| refused(&e))?.held_to(200, "{").map_err(|e| refused(&e))?;
        let token: Rc<str> = reply.text("access_token").map_err(|e| refused(&e))?.into();
        self.tokens.borrow_mut().insert(username, (Rc::clone(&token), Instant::now()));
        Ok(token)
    }
}
