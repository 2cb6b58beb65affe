//! Several instances on one database, from its first second on.

use super::harness::{Database, MORNING, config};
use diesel::prelude::*;
use std::sync::Barrier;
use xinfang::platform::Platform;
use xinfang::platform::clock::Clock;
use xinfang::platform::db::schema::{category, data_key};
use xinfang::platform::ids::Ids;

#[test]
fn instances_that_meet_an_empty_database_at_once_all_start() {
    for _ in 0..3 {
        let database = Database::empty();
        let together = Barrier::new(4);
        let start = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            together.wait();
            let platform =
                Platform::open(config(&database), Clock::set(MORNING.parse().unwrap()), Ids::Random).map_err(|e| e.to_string())?;
            runtime.block_on(xinfang::app::prepare(&platform)).map_err(|e| e.to_string())?;
            platform.db.close();
            Ok::<_, String>(())
        };
        let started: Vec<_> = std::thread::scope(|s| {
            let instances: Vec<_> = (0..4).map(|_| s.spawn(start)).collect();
            instances.into_iter().map(|i| i.join().unwrap()).collect()
        });
        assert!(started.iter().all(Result::is_ok), "{started:?}");
        let mut c = database.connect();
        assert_eq!(data_key::table.count().get_result::<i64>(&mut c), Ok(5));
        assert!(category::table.count().get_result::<i64>(&mut c).unwrap() > 5);
    }
}
