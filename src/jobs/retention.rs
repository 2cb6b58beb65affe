//! Forgetting what has expired, so that tables hold what is of use.

use crate::account::session;
use crate::attachment::storage;
use crate::import;
use crate::job;
use crate::platform::Platform;
use crate::platform::db::types::Time;
use crate::platform::error::Result;
use crate::platform::web::idempotency;
use std::time::Duration;

/// How often what has expired is forgotten.
const EVERY: Duration = Duration::from_secs(600);

/// Rows of one job: the desk waits behind it.
const BATCH: i64 = 200;

/// Runs until its task is aborted: kept answers after 45 days, refresh tokens after their time, jobs a week
/// after their end and files that came to nothing after a day are forgotten.
pub async fn run(platform: Platform) {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        ticks.tick().await;
        if let Err(e) = forget(&platform).await {
            tracing::warn!(error = %e, "what has expired could not be forgotten yet");
        }
    }
}

/// Forgets what has expired by now, batch by batch.
///
/// # Errors
/// Database only; what is left is forgotten the next time.
pub async fn forget(platform: &Platform) -> Result<()> {
    let now = Time(platform.clock.now());
    for forget in [idempotency::forget, session::repo::forget, job::repo::forget, import::repo::forget] {
        let full = usize::try_from(BATCH).unwrap_or(usize::MAX);
        while platform.db.write_background(move |c| forget(c, now, BATCH)).await? >= full {}
    }
    storage::sweep(platform, BATCH).await
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::platform::db::schema;
    use crate::platform::db::types::Id;
    use crate::platform::for_tests;
    use diesel::prelude::*;
    use schema::idempotency::dsl;

    #[tokio::test]
    async fn what_has_expired_is_forgotten_batch_by_batch() {
        let (_folder, platform) = for_tests::platform();
        let now = platform.clock.now();
        let kept = move |platform: &Platform| {
            let db = platform.db.clone();
            async move { db.read(|c| Ok(dsl::idempotency.count().get_result::<i64>(c)?)).await.unwrap() }
        };
        let fill = move |c: &mut crate::platform::db::Conn| {
            for n in 0..451_i32 {
                let late = chrono::Duration::seconds(if n == 450 { 1 } else { 0 });
                let row = (
                    dsl::caller_id.eq(Id(uuid::Uuid::from_u128(1))),
                    dsl::key_hash.eq(n.to_be_bytes().to_vec()),
                    dsl::fingerprint.eq(vec![0_u8]),
                    dsl::answer.eq(vec![0_u8]),
                    dsl::expires_at.eq(Time(now + late)),
                );
                diesel::insert_into(dsl::idempotency).values(row).execute(c)?;
            }
            Ok(())
        };
        platform.db.write(fill).await.unwrap();
        let once = platform.db.write_background(move |c| idempotency::forget(c, Time(now), BATCH)).await.unwrap();
        assert_eq!((once, kept(&platform).await), (200, 251));
        forget(&platform).await.unwrap();
        assert_eq!(kept(&platform).await, 1);
    }
}
