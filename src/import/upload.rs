//! A file on its way in: first who sends it, then a place to read it, then its bytes.

use super::service::LIMIT;
use crate::auth::{Call, Permission};
use crate::platform::error::{Error, Result};
use crate::platform::web::{Bytes, Problem, codes};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// Files held in memory at a time, from the first byte until they are stored in parts: each takes some hundred MiB at worst.
static PLACES: Semaphore = Semaphore::const_new(2);
/// How long a file waits for its place.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a file may take to arrive: it holds a place meanwhile.
const ARRIVAL: Duration = Duration::from_secs(300);

/// A call by somebody who may bring in files: nobody else's file is received.
pub(super) struct Importing(pub Call);

impl FromRequest for Importing {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let call = Call::from_request(req, payload);
        Box::pin(async move {
            let call = call.await?;
            call.actor.require(Permission::ImportRecords.roles())?;
            Ok(Self(call))
        })
    }
}

/// A file, and the place it is held in.
pub(super) struct Upload {
    pub bytes: Vec<u8>,
    pub place: SemaphorePermit<'static>,
}

impl FromRequest for Upload {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = Bytes::<LIMIT>::from_request(req, payload);
        Box::pin(async move {
            let place = placed(&PLACES, PATIENCE).await?;
            let Bytes(bytes) = timeout(ARRIVAL, body).await.map_err(|_| Problem::bad_request(codes::INTERRUPTED))??;
            Ok(Self { bytes, place })
        })
    }
}

async fn placed(places: &Semaphore, patience: Duration) -> Result<SemaphorePermit<'_>> {
    match timeout(patience, places.acquire()).await {
        Ok(Ok(place)) => Ok(place),
        _ => Err(Error::Busy),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_finds_no_place_is_told_so() {
        let places = Semaphore::new(1);
        let held = placed(&places, Duration::from_millis(1)).await.unwrap();
        assert!(matches!(placed(&places, Duration::from_millis(1)).await, Err(Error::Busy)));
        drop(held);
        assert!(placed(&places, Duration::from_millis(1)).await.is_ok());
    }
}
