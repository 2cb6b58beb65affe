//! The tree on a real database.
#![allow(clippy::unwrap_used)]

use super::model::{Dissolution, NewUnit, Unit, UnitChange};
use super::{UnitKind, repo, service};
use crate::auth::Context;
use crate::auth::context::Origin;
use crate::codes;
use crate::platform::Platform;
use crate::platform::db::types::Id;
use crate::platform::db::{Conn, connect, in_transaction};
use crate::platform::error::{Error, Result};
use crate::platform::for_tests;
use crate::platform::web::IfMatch;
use uuid::Uuid;

struct House {
    _folder: tempfile::TempDir,
    platform: Platform,
    c: Conn,
}

impl House {
    fn new() -> Self {
        let (folder, platform) = for_tests::platform();
        let c = connect(&platform.config.database, false).unwrap();
        Self { _folder: folder, platform, c }
    }

    fn write<T>(&mut self, f: impl FnOnce(&mut Conn, &mut Context) -> Result<T>) -> Result<T> {
        let mut origin = Origin::system(&self.platform, "test");
        origin.if_match = IfMatch::Any;
        in_transaction(&mut self.c, |c| f(c, &mut origin.context()))
    }

    fn make(&mut self, code: &str, parent: Option<Id>) -> Id {
        let new = NewUnit {
            id: None,
            code: code.to_owned(),
            name: format!("{code}科"),
            kind: UnitKind::Other,
            external: false,
            parent_id: parent,
            review_unit_id: None,
            valid_from: None,
        };
        self.write(|c, cx| service::create(c, cx, &new)).unwrap().id
    }

    fn hang(&mut self, unit: Id, parent: Option<Id>) -> Result<Unit> {
        let change = UnitChange { parent_id: Some(parent), ..UnitChange::default() };
        self.write(|c, cx| {
            let unit = service::open(c, cx, unit)?;
            service::change(c, cx, unit, &change)
        })
    }

    fn dissolve(&mut self, unit: Id, successor: Id) -> Result<Unit> {
        let asked = Dissolution { successor_id: successor, dissolved_on: None, reason: "机构改革".to_owned() };
        self.write(|c, cx| {
            let unit = service::open(c, cx, unit)?;
            service::dissolve(c, cx, unit, &asked)
        })
    }

    fn above(&mut self, unit: Id) -> Vec<Id> {
        repo::lineage(&mut self.c, &[unit]).unwrap().line(unit).collect()
    }
}

fn faults(outcome: Result<Unit>) -> Vec<&'static str> {
    match outcome {
        Err(Error::Invalid(faults)) => faults.iter().map(|f| f.code.name).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_move_takes_the_subtree_along_and_makes_no_circle() {
    let mut house = House::new();
    let bureau = house.make("bureau", None);
    let (east, west) = (house.make("east", Some(bureau)), house.make("west", Some(bureau)));
    let station = house.make("station", Some(east));
    let post = house.make("post", Some(station));
    assert_eq!(house.above(post), [post, station, east, bureau]);

    assert_eq!(house.hang(station, Some(west)).unwrap().version, 2);
    assert_eq!(house.above(post), [post, station, west, bureau]);
    assert_eq!(faults(house.hang(west, Some(post))), [codes::UNIT_CYCLE.name]);
    assert_eq!(faults(house.hang(west, Some(west))), [codes::UNIT_CYCLE.name]);
    assert_eq!(faults(house.hang(west, Some(Id(Uuid::nil())))), [codes::UNKNOWN_PARENT.name]);
    assert_eq!(house.above(west), [west, bureau]);

    house.hang(station, None).unwrap();
    assert_eq!(house.above(post), [post, station]);
    assert_eq!(house.hang(station, None).unwrap().version, 3, "a change of nothing is none");
}

#[test]
fn a_dissolved_unit_leaves_its_children_and_its_work_to_the_successor() {
    let mut house = House::new();
    let bureau = house.make("bureau", None);
    let (old, new) = (house.make("old", Some(bureau)), house.make("new", Some(bureau)));
    let child = house.make("child", Some(old));
    let gone = house.dissolve(old, new).unwrap();
    assert_eq!((gone.successor_id, gone.dissolved_on), (Some(new), Some("2026-03-01".parse().unwrap())));
    assert_eq!(house.above(child), [child, new, bureau]);
    assert_eq!(repo::current(&mut house.c, old).unwrap().unwrap().id, new);

    assert!(matches!(house.dissolve(old, new), Err(Error::Conflict(r)) if r.code == codes::UNIT_ALREADY_DISSOLVED));
    assert_eq!(faults(house.dissolve(new, old)), [codes::SUCCESSOR_LOOP.name]);
    assert_eq!(faults(house.dissolve(new, new)), [codes::SUCCESSOR_LOOP.name]);
    assert_eq!(faults(house.dissolve(new, Id::NIL)), [codes::UNKNOWN_SUCCESSOR.name]);
    assert_eq!(faults(house.dissolve(child, old)), [codes::UNIT_DISSOLVED.name]);
    assert_eq!(faults(house.hang(child, Some(old))), [codes::UNIT_DISSOLVED.name]);

    assert_eq!(house.above(old), [old, new, bureau], "it stands with its successor");
    assert_eq!(repo::carried(&mut house.c, new).unwrap().len(), 2);

    house.dissolve(new, bureau).unwrap();
    let lineage = repo::lineage(&mut house.c, &[old, new, child]).unwrap();
    assert!(lineage.carries(bureau, old) && lineage.carries(bureau, new) && lineage.carries(old, old));
    assert!(!lineage.carries(bureau, child) && !lineage.carries(old, new) && lineage.holds(bureau, child));
    assert_eq!((lineage.current(old), lineage.current(child)), (bureau, child));
    assert_eq!(lineage.shown(old).name, "old科");
    assert_eq!(house.above(child), [child, bureau]);
    assert_eq!(repo::current(&mut house.c, old).unwrap().unwrap().id, bureau, "the line is followed to its end");
}

#[test]
fn a_successor_from_below_takes_the_place_of_the_dissolved() {
    let mut house = House::new();
    let bureau = house.make("bureau", None);
    let old = house.make("old", Some(bureau));
    let (left, right) = (house.make("left", Some(old)), house.make("right", Some(old)));
    let deep = house.make("deep", Some(left));
    house.dissolve(old, deep).unwrap();
    assert_eq!(house.above(deep), [deep, left, bureau]);
    assert_eq!(house.above(right), [right, deep, left, bureau]);
}

#[test]
fn codes_and_ids_are_used_once() {
    let mut house = House::new();
    house.make("bureau", None);
    let mut new = NewUnit {
        id: None,
        code: "bureau".to_owned(),
        name: "县老干部局".to_owned(),
        kind: UnitKind::Bureau,
        external: false,
        parent_id: None,
        review_unit_id: None,
        valid_from: None,
    };
    let taken = house.write(|c, cx| service::create(c, cx, &new));
    assert!(matches!(taken, Err(Error::Conflict(r)) if r.code == codes::CODE_TAKEN && r.args == ["bureau"]));
    (new.id, new.code) = (Some(Id(Uuid::from_u128(4))), "other".to_owned());
    assert_eq!(faults(house.write(|c, cx| service::create(c, cx, &new))), [codes::NOT_V7.name]);
}
