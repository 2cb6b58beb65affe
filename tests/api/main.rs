//! The tests of the product's behaviour, one binary: a file a slice, over HTTP, as a persona, on the engine that
//! `XINFANG_TEST_DATABASE_URL` picks. Each test has an office of its own; time and ids are handed in.
#![allow(clippy::unwrap_used, clippy::expect_used)]

/// What every test stands on: an office of its own, personas, answers held to the document.
mod harness;

/// The tree keeps its ranks and its file names.
mod architecture;
mod attachments;

/// Who opens enclosed papers, what of that is written down, how much is taken, what is swept.
mod papers;

/// Care files: who may, for what, what is on record.
mod care_file;

/// Visits: owed, made, counted.
mod visits;

/// What becomes of visits that are owed when what they rest on turns out otherwise.
mod visit_changes;

/// Who is refused what: no token, a bad token, and the matrix of roles and operations.
mod authorization;

/// The document is the code's, complete, and its examples hold.
mod objections;
mod one_visit;

mod openapi;
/// Whom a name finds beside its own spelling; numbers of two areas.
mod spellings;

/// What the document promises of headers, preconditions, roles and signing in is what happens.
mod promises;

/// The tables are those of `schema/` on both engines; the trail is never changed.
mod schema;
mod search;

/// The house tests itself: a step of each kind over HTTP.
mod house;

/// Joint handling: asked, answered, taken back; the opinion that waits for it.
mod assistance;

/// The main path of a claim, its branches, and the own way of suggestions.
mod main_path;

/// Accusations: who knows of them, who handles them, where they end.
mod accusations;

/// What is wrong is refused, wholly and in words, and leaves no trace.
mod bad_input;

/// Corners of the procedure that are easily built wrong.
mod corners;

/// Profiles of retirees: kept, found, merged, masked; what registration takes from them.
mod retirees;

/// What the petitioner takes home.
mod notices;
mod receipts;

/// Reviews and re-reviews.
mod appeals;

/// Contacts with the petitioner, hearings, mediation.
mod contacts;
mod hearings;
mod mediations;

/// Who keeps out, who is named, which leader is in charge.
mod leader_cases;
mod policy_issues;
mod reception_days;
mod recusals;

/// Lists: pages, filters, counts, scope; the batch.
mod ledger;
mod lists;

/// Worklists, and what lists know of due days and lights.
mod worklist;

/// Clocks across petitions, of one petition, and the ledger of one.
mod clock_lists;

/// The hot queries keep to their indexes.
mod plans;

/// The batch: each item for itself.
mod batch;

/// Clocks: what starts and ends them, what comes of itself.
mod clocks;
/// More time for a limit.
mod extensions;

/// Figures equal an independent recount.
mod statistics;

/// What was owed, told again from the trail.
mod timeliness;

/// Several instances on one database, from its first second on.
mod imports;

mod instances;
/// What a roster does to whom is on file, and what others write meanwhile.
mod rosters;

/// Storage under faults and concurrency.
mod storage;

mod stages;
/// The table of acts is the procedure's.
mod supervisions;

/// The table of acts over HTTP: every act, stage, kind and persona.
mod stages_http;

/// Who never learns of a petition; the policy by role.
mod access;

/// Signing in, and what an access token is worth.
mod session;

/// Units, categories, staff.
mod office;

/// Working calendars and the date calculator.
mod calendars;

/// Commands at a terminal: the calculator, importing a calendar.
mod commands;

/// Contact lines, on cards and receipts.
mod contact_lines;

/// Procedure profiles.
mod profiles;

/// Who carries on what a dissolved unit had.
mod successors;

/// Petitions told from the first day to the last.
mod stories;

/// Random histories, and what holds after each.
mod histories;

/// Repeats and matters.
mod matters;

/// Urgency and priority.
mod priority;

/// The global order of events.
mod order;
mod own_requests;

/// The sample office and its two years.
mod demo;

/// What comes of itself, recounted from what people did.
mod public_status;
mod recount;

/// New versions of calendars and profiles on running clocks.
mod reopenings;
mod replay;

/// Phones that were offline.
mod phones;

/// Own will of whoever is filed for, and statements that are read back.
mod own_will;

/// When a petitioner dies.
mod succession;

/// Warnings, breaches and lapses, once each.
mod sweep;
