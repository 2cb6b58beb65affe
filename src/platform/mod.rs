//! What every slice stands on and no slice owns: storage, web, keys, time, ids, errors. No domain words in here.

pub mod clock;
//C
pub mod db;
pub mod error;
pub mod ids;
//K
//T
pub mod web;
