//! A petition in the hands of one caller: loaded once, changed by an act, stored with its events by one conditional update.

use super::acts::Act;
use super::clocks::Clocks;
use super::clocks::fates::Ending;
use super::model::{Bar, Closure, ClosureReason, Content, Party, PartyRole, PartyStatus, Petition, Stage};
use super::party;
use super::reopened::REOPEN_DAYS;
use super::repeats::Kin;
use super::rules::{self, Standing};
use super::supervised::Supervision;
use super::{repo, view};
use crate::account;
use crate::audit::{self, Draft, Head, SubjectKind};
use crate::auth::{Actor, Context, Relation, Relations, Role};
use crate::codes;
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Code, Error, Refusal, Result};
use crate::platform::web::etag::IfMatch;
use crate::unit;
use crate::unit::{Lineage, UnitKind};
use chrono::{DateTime, Utc};

/// A petition as one caller sees it.
pub struct Case {
    /// Its row; acts change it in place.
    pub row: Petition,
    /// Its words.
    pub content: Content,
    /// Everybody who ever took part.
    pub parties: Vec<Party>,
    /// Who is barred.
    pub bars: Vec<Bar>,
    /// The units concerned and what stands above them.
    pub(super) lineage: Lineage,
    /// Its clocks.
    pub clocks: Clocks,
    drafts: Vec<Draft>,
    /// When it was loaded: what a limit allows depends on it.
    now: DateTime<Utc>,
    /// Whether the lead unit has a head to decide on the extension that was asked for.
    headed: bool,
    // for more days than a petition can be reopened
    long_closed: bool,
    /// What the others of its matter allow.
    pub(super) kin: Kin,
    /// Supervisions that still matter, oldest first.
    pub supervisions: Vec<Supervision>,
    read_n: i64,
    filed: repo::AsFiled,
    told: Told,
}

/// What the last event said, so that the next one can say what changed.
#[derive(Clone, Copy, PartialEq)]
struct Told {
    stage: Stage,
    lead: Option<Id>,
}

/// What a case is made of, by table.
pub(super) struct Rows {
    pub(super) row: Petition,
    pub(super) content: Content,
    pub(super) parties: Vec<Party>,
    pub(super) bars: Vec<Bar>,
    pub(super) clocks: Clocks,
    pub(super) supervisions: Vec<Supervision>,
}

impl Case {
    /// Loads a petition the caller may know of, or whose receipt they hold.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn load(c: &mut Conn, cx: &Context, id: Id) -> Result<Self> {
        let found = if cx.actor.holds == Some(id) { repo::find_unscoped(c, id)? } else { repo::find(c, &cx.actor, id)? };
        let found = found.ok_or(Error::NotFound)?;
        Self::found(c, cx, found)
    }

    /// Loads a petition for the product itself.
    ///
    /// # Errors
    /// Database only.
    pub fn load_unscoped(c: &mut Conn, cx: &Context, id: Id) -> Result<Option<Self>> {
        let found = repo::find_unscoped(c, id)?;
        found.map(|found| Self::found(c, cx, found)).transpose()
    }

    fn found(c: &mut Conn, cx: &Context, (row, content): (Petition, Content)) -> Result<Self> {
        let parties = repo::parties(c, row.id)?;
        let bars = if row.barred { repo::bars(c, row.id)? } else { Vec::new() };
        let clocks = Clocks::load(c, row.id)?;
        let supervisions = repo::supervision::live(c, row.id)?;
        Self::of(c, cx, Rows { row, content, parties, bars, clocks, supervisions })
    }

    /// A case of rows at hand.
    pub(super) fn of(c: &mut Conn, cx: &Context, rows: Rows) -> Result<Self> {
        let Rows { row, content, parties, bars, clocks, supervisions } = rows;
        let mut concerned = vec![row.registered_unit, row.sending_unit, cx.actor.unit_id];
        concerned.extend(clocks.all().filter_map(|clock| clock.unit_id));
        concerned.extend(row.lead_unit);
        concerned.extend(row.review_unit);
        concerned.extend(row.facts.assistance.iter().map(|asked| asked.unit_id));
        concerned.extend(&row.facts.assisted);
        concerned.extend(bars.iter().filter_map(|bar| bar.unit_id));
        concerned.extend(supervisions.iter().map(|supervision| supervision.unit_id));
        let lineage = unit::repo::lineage(c, &concerned)?;
        let (read_n, told) = (row.event_n, Told { stage: row.stage, lead: row.lead_unit });
        let filed = repo::AsFiled::of(&row);
        let now = cx.now();
        let long_closed = row.closed_at.is_some_and(|at| (cx.today() - cx.day(at.0)).num_days() > REOPEN_DAYS);
        let mut case = Self {
            row,
            content,
            parties,
            bars,
            lineage,
            clocks,
            drafts: Vec::new(),
            now,
            headed: false,
            long_closed,
            kin: Kin::default(),
            supervisions,
            read_n,
            filed,
            told,
        };
        case.look_up(c, &cx.actor)?;
        Ok(case)
    }

    /// Looks up what beyond its rows acts rest on, for those whom it concerns: an extension, how the others of its matter stand.
    fn look_up(&mut self, c: &mut Conn, actor: &Actor) -> Result<()> {
        if self.row.facts.linked && self.row.stage == Stage::Registered {
            self.kin = repo::matter::kin(c, self.row.matter_id, self.row.id)?;
        }
        if Act::RequestExtension.row().legal(self.row.stage, self.row.kind) && self.relations(actor).has(Relation::Le) {
            self.clocks.timetable(c)?;
        }
        if let (Some(asked), Some(lead), true) = (&self.row.facts.extension, self.row.lead_unit, actor.roles.has(Role::Supervisor)) {
            let not = self.bars.iter().filter_map(|bar| bar.account_id).chain([asked.by]).collect();
            self.headed = account::repo::has_head(c, self.lineage.current(lead), not)?;
        }
        Ok(())
    }

    /// The head of the lead unit; where there is none who could decide, a supervisor above it; never who asked. As long as nobody asks
    /// for an extension, nobody looks whether there is a head.
    fn heads(&self, actor: &Actor) -> bool {
        let asked_by_them = self.row.facts.extension.as_ref().is_some_and(|asked| asked.by == actor.id());
        let Some(lead) = self.row.lead_unit.filter(|_| !asked_by_them) else { return false };
        let head = actor.roles.has(Role::UnitHead) && self.lineage.carries(actor.unit_id, lead);
        head || actor.roles.has(Role::Supervisor) && !self.headed && self.lineage.holds(actor.unit_id, lead)
    }

    /// How a caller stands to the petition; the cases of a dissolved unit are those of the unit that carries on its work.
    pub fn relations(&self, actor: &Actor) -> Relations {
        let (p, unit) = (&self.row, actor.unit_id);
        if actor.holds == Some(p.id) {
            return Relations::of(&[Relation::Pe]);
        }
        let carries = |recorded: Id| self.lineage.carries(unit, recorded);
        let fits = |relation: Relation| actor.roles.meets(relation.roles());
        let registers = fits(Relation::Ro) && carries(p.registered_unit);
        let leads = fits(Relation::Le) && p.lead_unit.is_some_and(carries) && self.may_lead(actor);
        let sends = fits(Relation::Su) && self.lineage.holds(unit, p.sending_unit);
        Relations::default()
            .with_if(Relation::Ro, registers)
            .with_if(Relation::Su, sends)
            .with_if(Relation::Oc, fits(Relation::Oc) && self.lineage.holds(unit, p.registered_unit))
            .with_if(Relation::Le, leads)
            .with_if(Relation::Hd, self.heads(actor))
            .with_if(Relation::Sv, fits(Relation::Sv) && self.lineage.holds(unit, self.responsible_unit()))
            .with_if(Relation::As, fits(Relation::As) && self.assists(unit))
            .with_if(Relation::Rv, fits(Relation::Rv) && p.review_unit.is_some_and(carries) || sends && self.reviewed_outside())
            .with_if(Relation::Ld, fits(Relation::Ld))
            .with_if(Relation::Wr, registers || leads)
            .with_if(Relation::Cb, fits(Relation::Cb) && self.may_call_back(actor))
            .with_if(Relation::Me, fits(Relation::Me))
            .with_if(Relation::Sd, fits(Relation::Sd) && self.open_supervisions().any(|s| carries(s.unit_id)))
    }

    /// Where an officer is named it is that one; heads and supervisors of the unit stand in.
    fn may_lead(&self, actor: &Actor) -> bool {
        let stands_in = actor.roles.has(Role::UnitHead) || actor.roles.has(Role::Supervisor);
        stands_in || self.row.facts.officer.is_none_or(|officer| officer == actor.id())
    }

    /// Somebody with no handling event, of neither the lead nor an assisting unit; where the office itself led, no handling event is enough.
    fn may_call_back(&self, actor: &Actor) -> bool {
        let office_led = self.row.lead_unit.is_some_and(|lead| self.lineage.is_root_inside(self.lineage.current(lead)));
        let of_lead = self.row.lead_unit.is_some_and(|lead| self.lineage.carries(actor.unit_id, lead));
        ![&self.row.facts.handlers, &self.row.facts.reviewers].iter().any(|of| of.contains(&actor.id()))
            && (office_led || !(of_lead || self.ever_assisted(actor.unit_id)))
    }

    /// Whether a caller is barred: the subject, the subject's unit, one below it or its successor, or recused.
    pub fn bars(&self, actor: &Actor) -> bool {
        self.bars_account(actor.account_id, actor.unit_id)
    }

    /// The same of an account, whoever calls.
    pub fn bars_account(&self, account: Option<Id>, unit: Id) -> bool {
        self.bars.iter().any(|bar| bar.account_id.is_some() && bar.account_id == account || bar.bars_unit(&self.lineage, unit))
    }

    /// Whether somebody takes part who is not the last whose petition it is.
    fn removable(&self) -> bool {
        let last = if self.principals().len() == 1 { 1 } else { 0 };
        self.active_parties().count() > last
    }

    /// What decisions about acts rest on.
    pub fn standing(&self, actor: &Actor) -> Standing<'_> {
        Standing {
            stage: self.row.stage,
            kind: self.row.kind,
            facts: &self.row.facts,
            urgent: self.row.urgent,
            kin: &self.kin,
            supervisions: &self.supervisions,
            closure: self.row.closure_reason,
            long_closed: self.long_closed,
            clocks: &self.clocks,
            now: self.now,
            caller: actor.id(),
            removable: self.removable(),
            represented: self.active_parties().any(|p| p.role.needs_authority()),
            relations: self.relations(actor),
            outside: self.reviewed_outside(),
            barred: self.bars(actor),
            discipline: self.lineage.kind(actor.unit_id) == Some(UnitKind::Discipline),
        }
    }

    /// Refuses a caller whose relation permits none of the acts.
    ///
    /// # Errors
    /// Forbidden.
    pub fn permit(&self, actor: &Actor, acts: &[Act]) -> Result<()> {
        let standing = self.standing(actor);
        let refusals: Vec<_> = acts.iter().filter_map(|act| rules::forbidden(*act, &standing)).collect();
        match refusals.first() {
            Some(code) if refusals.len() == acts.len() => Err(Error::Forbidden(*code)),
            _ => Ok(()),
        }
    }

    /// Refuses a caller who has not seen the current version, where the act needs it or the caller says what they have seen.
    ///
    /// # Errors
    /// [`Error::VersionRequired`], [`Error::Stale`].
    pub fn check_version(&self, c: &mut Conn, cx: &Context, act: Act) -> Result<()> {
        match &cx.if_match {
            // whoever has a receipt is shown no version
            IfMatch::Absent if act.row().needs_version && cx.actor.holds.is_none() => Err(Error::VersionRequired),
            IfMatch::Absent => Ok(()),
            seen if seen.version_matches(self.row.version) => Ok(()),
            _ => Err(Error::Stale { current: view::answer(c, cx, self, 200)?.etag.unwrap_or_default() }),
        }
    }

    /// Refuses an act that stage or facts forbid, naming what is possible instead.
    ///
    /// # Errors
    /// Conflict.
    pub fn allow(&self, actor: &Actor, act: Act) -> Result<()> {
        match rules::refused(act, &self.standing(actor)) {
            None => Ok(()),
            Some(code) => Err(self.refusal(actor, code)),
        }
    }

    /// That the facts forbid an act, naming what is possible instead.
    pub fn refusal(&self, actor: &Actor, code: Code) -> Error {
        let allowed_actions = rules::allowed(&self.standing(actor));
        let args = match () {
            () if code == codes::ASSISTANCE_MISSING => vec![self.missing_answers()],
            () if code == codes::REOPEN_TOO_LATE => vec![REOPEN_DAYS.to_string()],
            () => Vec::new(),
        };
        Error::Conflict(Refusal { allowed_actions, args, ..Refusal::new(code) })
    }

    /// Says that the extension that was asked for is not needed any more; gives its id.
    ///
    /// # Errors
    /// Database only.
    pub fn lapse_extension(&mut self, c: &mut Conn, at: Time) -> Result<Option<Id>> {
        let Some(asked) = self.row.facts.extension.take() else { return Ok(None) };
        repo::lapse_extension(c, asked.id, at)?;
        Ok(Some(asked.id))
    }

    /// Moves the petition to another stage; the next event says so.
    pub fn advance(&mut self, stage: Stage) {
        self.row.stage = stage;
    }

    /// Takes over how it was closed.
    pub(super) fn close(&mut self, closure: &Closure) {
        let facts = &mut self.row.facts;
        facts.closed_from = Some(closure.closed_from);
        facts.closure_basis = closure.basis;
        facts.closed_by = closure.closed_by;
        facts.route = closure.route.or(facts.route);
        self.row.closure_reason = Some(closure.reason);
        self.row.closed_at = Some(closure.closed_at);
        self.advance(Stage::Closed);
    }

    /// Makes another unit the one that registered it.
    ///
    /// # Errors
    /// Database only.
    pub(super) fn registered_by_unit(&mut self, c: &mut Conn, unit: Id) -> Result<()> {
        if unit != self.row.registered_unit {
            if self.row.sending_unit == self.row.registered_unit {
                self.row.sending_unit = unit;
            }
            self.row.registered_unit = unit;
            self.extend_lineage(c, unit)?;
        }
        Ok(())
    }

    /// Gives it a lead unit, whose units above are needed for later questions about relations.
    ///
    /// # Errors
    /// Database only.
    pub fn lead(&mut self, c: &mut Conn, unit: Id) -> Result<()> {
        self.row.lead_unit = Some(unit);
        self.extend_lineage(c, unit)
    }

    /// Takes in the units above one that has come to be concerned.
    ///
    /// # Errors
    /// Database only.
    pub(super) fn extend_lineage(&mut self, c: &mut Conn, unit: Id) -> Result<()> {
        self.lineage.extend(unit::repo::lineage(c, &[unit])?);
        Ok(())
    }

    /// Undoes its closing.
    pub(super) fn unclose(&mut self) {
        let facts = &mut self.row.facts;
        (facts.closed_from, facts.closure_basis, facts.closed_by, facts.before) = (None, None, None, None);
        (self.row.closure_reason, self.row.closed_at) = (None, None);
    }

    /// The parties who still take part.
    pub fn active_parties(&self) -> impl Iterator<Item = &Party> {
        self.parties.iter().filter(|p| p.status == PartyStatus::Active)
    }

    /// Those whose petition it is and whose word counts: petitioners who take part, and the guardians of one who can't act any more.
    pub fn principals(&self) -> Vec<&Party> {
        let stands_in = self.parties.iter().any(|p| p.role.is_principal() && p.status == PartyStatus::Incapacitated);
        self.active_parties().filter(|p| p.role.is_principal() || stands_in && p.role == PartyRole::Guardian).collect()
    }

    /// Brings the facts in line with who takes part.
    pub fn count_parties(&mut self) {
        self.row.facts.principals = u32::try_from(self.principals().len()).unwrap_or(u32::MAX);
        self.row.facts.reachable = self.parties.iter().any(party::reaches);
    }

    /// Adds an event; what changed of stage and lead since the last one goes into it.
    pub fn event(&mut self, mut draft: Draft) {
        let now = Told { stage: self.row.stage, lead: self.row.lead_unit };
        if now.stage != self.told.stage {
            draft = draft.with("stage", serde_json::json!({"from": self.told.stage, "to": now.stage}));
        }
        if now.lead != self.told.lead {
            draft = draft.with("lead_unit", serde_json::json!({"from": self.told.lead, "to": now.lead}));
        }
        self.told = now;
        if let Some(clocks) = self.clocks.take_told() {
            draft = draft.with("clocks", clocks);
        }
        self.drafts.push(draft);
    }

    /// The place in the trail of the event that comes next.
    pub(super) fn next_n(&self) -> i64 {
        self.row.event_n + i64::try_from(self.drafts.len()).unwrap_or(0) + 1
    }

    /// Whether something happened that is not stored yet.
    pub fn has_events(&self) -> bool {
        !self.drafts.is_empty()
    }

    /// A draft in the role in which the caller does this act.
    pub fn draft(&self, actor: &Actor, act: Act, event: &'static str) -> Draft {
        let by = act.row().who(self.row.stage).and(self.relations(actor));
        Draft::new(event, actor.role_among(by.roles()))
    }

    /// Records the events and stores the petition, by one update that holds only if nobody came between.
    /// `raises` is false for what leaves the version alone (notes, evaluations).
    ///
    /// # Errors
    /// [`Error::Again`] when somebody did.
    pub fn store(&mut self, c: &mut Conn, cx: &mut Context, raises: bool) -> Result<()> {
        if self.drafts.is_empty() {
            return Ok(());
        }
        let mut head = Head { n: self.row.event_n, hash: std::mem::take(&mut self.row.event_hash) };
        for draft in std::mem::take(&mut self.drafts) {
            head = audit::append(c, cx, SubjectKind::Petition, self.row.id, &head, draft)?;
        }
        (self.row.event_n, self.row.event_hash) = (head.n, head.hash);
        self.row.version += i64::from(raises);
        self.clocks.store(c)?;
        (self.row.sort_due, self.row.sort_yellow) = self.clocks.nearest();
        self.row.work_unit = self.at_work();
        repo::update(c, &self.row, self.read_n, &self.filed)?;
        (self.read_n, self.filed) = (self.row.event_n, repo::AsFiled::of(&self.row));
        Ok(())
    }

    /// Brings the row for statistics in line with stage and lead.
    ///
    /// # Errors
    /// Database only.
    pub fn store_fact(&self, c: &mut Conn, cx: &Context) -> Result<()> {
        let read = repo::fact(c, self.row.id)?;
        let mut fact = read.clone();
        fact.closed_day = self.row.closed_at.map(|at| cx.day(at.0));
        fact.closure_reason = self.row.closure_reason;
        fact.voided = self.row.closure_reason == Some(ClosureReason::Voided);
        fact.lead_unit = self.row.lead_unit;
        fact.registered_unit = self.row.registered_unit;
        fact.kind = self.row.kind;
        fact.channel = self.row.channel;
        fact.category.clone_from(&self.row.category);
        fact.received_day = cx.day(self.row.received_at.0);
        fact.litigation_related = self.content.litigation_related;
        fact.joint = self.content.joint;
        fact.anonymous = self.content.anonymous;
        fact.persons = self.content.persons;
        fact.first_here = self.row.first_here;
        if fact == read { Ok(()) } else { repo::update_fact(c, &fact) }
    }

    /// Whether a caller may see identity numbers and phones: everybody who works on it, not those who only look on.
    pub fn shows_numbers(&self, actor: &Actor) -> bool {
        let working = Relations::of(&[Relation::Ro, Relation::Su, Relation::Le, Relation::As, Relation::Rv, Relation::Sv, Relation::Oc]);
        !self.relations(actor).and(working).is_empty()
            || actor.account_id.is_none()
            || (actor.roles.has(Role::Receptionist) && self.row.registered_by == actor.id())
    }

    /// Falls back to the normal procedure, once, with its event: the simplified one knows no second petitioner, no assistance, no
    /// hearing. `at` when that came of itself.
    pub fn end_simplified(&mut self, cx: &Context, at: Option<DateTime<Utc>>) {
        if self.row.simplified {
            self.row.simplified = false;
            self.end_clocks(cx, Ending::FellBack, at);
            self.event(Draft { at, ..Draft::by_system("simplified_ended") });
        }
    }
}
