//! xinfang tracks letters and visits (信访) from retirees, from intake to feedback.
//!
//! The tree reads like the procedure; a slice uses only slices of a lower rank (`tests/api/architecture.rs`).

/// Storage, web, keys, time, ids, errors: no domain words.
pub mod platform;

/// One table of refusal and fault codes, in words, both languages.
pub mod codes;

/// Who is calling and what they may do: roles, relations, tokens.
pub mod auth;

/// The trail: events chained per subject, the access log, the verifier.
pub mod audit;

/// What is known of any person: how a name is found, identity numbers.
pub mod person;

/// The office's units, their tree and their successors.
pub mod unit;

/// Categories of petitions, two levels.
pub mod category;

/// Telephone lines of the units, for contact cards and receipts.
pub mod contact_line;

/// Working calendars, by the yearly notices.
pub mod calendar;

/// Contents of files: received, judged, kept once; their thumbnails.
pub mod attachment;

/// Legal clocks: profiles, the engine, the ledger.
pub mod deadline;

/// Long work that somebody asked for.
pub mod job;

/// Staff accounts and signing in.
pub mod account;

/// Visits owed: the occasions, the tasks, their limits.
pub mod care;

/// Profiles of retirees: who they are, what they need, who looks after them.
pub mod retiree;

/// What is known of somebody's family, health and thoughts (三知情): apart, for a purpose, every reading logged.
pub mod care_file;

/// Written notices to the petitioner.
pub mod notice;

/// The petition: its rows, its registration, its stage table, who may see it.
pub mod petition;

/// The desk: registering, the batch, the receipt, the notice that a petition has arrived.
pub mod intake;

/// Handing a petition to the unit that is competent.
pub mod referral;

/// Accepting, giving the opinion, delivering it.
pub mod handling;

/// Reviews and re-reviews of an answer.
pub mod appeal;

/// Joint handling: what the lead asks other units.
pub mod assistance;

/// Contacts with the petitioner.
pub mod contact;

/// Hearings on what is hard to judge.
pub mod hearing;

/// People and units that keep out of a petition.
pub mod recusal;

/// Leaders' instructions, and the cases they take charge of.
pub mod leader_case;

/// Policy issues: many petitions of one cause, looked into and decided once.
pub mod policy_issue;

/// Reception days: leaders listen, by a roster that is published.
pub mod reception_day;

/// Mediation, and what the sides agreed on.
pub mod mediation;

/// The execution of what an opinion promises.
pub mod execution;

/// A death or incapacity, and what the heirs want.
pub mod succession;

/// What cannot wait: marking it, its report to those above.
pub mod urgency;

/// Files enclosed with a petition.
pub mod enclosure;

/// Repeats: candidates, joining and parting matters.
pub mod matter;

/// Visits: the list of those owed, recording one that was made, planning ahead.
pub mod visit;

/// What those above do about a broken duty.
pub mod supervision;

/// Running clocks counted anew by another version of a calendar or a profile: tried dry, then applied.
pub mod replay;

/// Rosters brought in from files: tried dry, then entered.
pub mod import;

/// What the petitioner thinks of it.
pub mod evaluation;

/// Closing and withdrawing.
pub mod closure;

/// One whole case in one call, and its trail.
pub mod dossier;

/// What the petitioner is told of their own petition.
pub mod petitioner;

/// What is due: the worklist, clocks, and why they end when they do.
pub mod worklist;

/// Finding petitions by their words.
pub mod search;

/// Figures over what the caller may see.
pub mod statistics;

/// What runs by itself: the sweep over the clocks, long work, forgetting what has expired.
pub mod jobs;

/// The sample office of `serve --demo`.
pub mod demo;

/// Puts slices, middleware and the document together; the server and every test use it.
pub mod app;

/// Rehearsing: databases of samples made in minutes, and the product measured on them.
pub mod bench;

/// The command line, a file a command.
pub mod cli;
