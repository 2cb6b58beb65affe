//! A petition in the hands of one caller: loaded once, changed by an act, stored with its events by one conditional update.

use super::acts::Act;
use super::model::{Bar, Closure, ClosureReason, Content, Party, PartyStatus, Petition, Stage};
use super::rules::{self, Standing};
use super::{repo, view};
use crate::audit::{self, Draft, Head, SubjectKind};
use crate::auth::{Actor, Context, Relation, Relations, Role};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::{Error, Refusal, Result};
use crate::platform::web::etag::IfMatch;
use crate::unit;
use crate::unit::{Lineage, UnitKind};

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
    drafts: Vec<Draft>,
    read_n: i64,
    filed: repo::Filed,
    told: Told,
}

/// What the last event said, so that the next one can say what changed.
#[derive(Clone, Copy, PartialEq)]
struct Told {
    stage: Stage,
    lead: Option<Id>,
}

impl Case {
    /// Loads a petition the caller may know of.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn load(c: &mut Conn, actor: &Actor, id: Id) -> Result<Self> {
        let (row, content) = repo::find(c, actor, id)?.ok_or(Error::NotFound)?;
        let parties = repo::parties(c, id)?;
        let bars = if row.barred { repo::bars(c, id)? } else { Vec::new() };
        Self::of(c, actor, row, content, parties, bars)
    }

    /// A case of rows at hand.
    pub(super) fn of(c: &mut Conn, actor: &Actor, row: Petition, content: Content, parties: Vec<Party>, bars: Vec<Bar>) -> Result<Self> {
        let mut concerned = vec![row.registered_unit, row.sending_unit, actor.unit_id];
        concerned.extend(row.lead_unit);
        concerned.extend(row.review_unit);
        concerned.extend(bars.iter().filter_map(|bar| bar.unit_id));
        let lineage = unit::repo::lineage(c, &concerned)?;
        let (read_n, told) = (row.event_n, Told { stage: row.stage, lead: row.lead_unit });
        let filed = repo::Filed::of(&row);
        Ok(Self { row, content, parties, bars, lineage, drafts: Vec::new(), read_n, filed, told })
    }

    /// How a caller stands to the petition; the cases of a dissolved unit are those of the unit that carries on its work.
    pub fn relations(&self, actor: &Actor) -> Relations {
        let (p, unit) = (&self.row, actor.unit_id);
        let carries = |recorded: Id| self.lineage.carries(unit, recorded);
        let fits = |relation: Relation| actor.roles.meets(relation.roles());
        let registers = fits(Relation::Ro) && carries(p.registered_unit);
        let leads = fits(Relation::Le) && p.lead_unit.is_some_and(carries);
        let supervised = p.lead_unit.unwrap_or(p.registered_unit);
        Relations::default()
            .with_if(Relation::Ro, registers)
            .with_if(Relation::Su, fits(Relation::Su) && self.lineage.holds(unit, p.sending_unit))
            .with_if(Relation::Oc, fits(Relation::Oc) && self.lineage.holds(unit, p.registered_unit))
            .with_if(Relation::Le, leads)
            .with_if(Relation::Sv, fits(Relation::Sv) && self.lineage.holds(unit, supervised))
            .with_if(Relation::Rv, fits(Relation::Rv) && p.review_unit.is_some_and(carries))
            .with_if(Relation::Ld, fits(Relation::Ld))
            .with_if(Relation::Wr, registers || leads)
            .with_if(Relation::Cb, fits(Relation::Cb) && self.may_call_back(actor))
            .with_if(Relation::Me, fits(Relation::Me))
    }

    /// Somebody with no handling event and not of the lead unit; where the office itself led, no handling event is enough.
    fn may_call_back(&self, actor: &Actor) -> bool {
        let office_led = self.row.lead_unit.is_some_and(|lead| self.lineage.is_root_inside(self.lineage.current(lead)));
        let of_lead = self.row.lead_unit.is_some_and(|lead| self.lineage.carries(actor.unit_id, lead));
        !self.row.facts.handlers.contains(&actor.id()) && (office_led || !of_lead)
    }

    /// Whether a caller is barred: the subject, the subject's unit, one below it or its successor, or recused.
    pub fn bars(&self, actor: &Actor) -> bool {
        self.bars
            .iter()
            .any(|bar| bar.account_id.is_some() && bar.account_id == actor.account_id || bar.bars_unit(&self.lineage, actor.unit_id))
    }

    /// What decisions about acts rest on.
    pub fn standing(&self, actor: &Actor) -> Standing<'_> {
        Standing {
            stage: self.row.stage,
            kind: self.row.kind,
            facts: &self.row.facts,
            closure: self.row.closure_reason,
            relations: self.relations(actor),
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
            IfMatch::Absent if act.row().needs_version => Err(Error::VersionRequired),
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
            Some(code) => {
                let allowed_actions = rules::allowed(&self.standing(actor));
                Err(Error::Conflict(Refusal { allowed_actions, ..Refusal::new(code) }))
            }
        }
    }

    /// Whether a unit is on the subject's side or recused.
    ///
    /// # Errors
    /// Database only.
    pub fn bars_unit(&self, c: &mut Conn, unit: Id) -> Result<bool> {
        if self.bars.is_empty() {
            return Ok(false);
        }
        let barred = self.bars.iter().filter_map(|bar| bar.unit_id);
        let lineage = unit::repo::lineage(c, &barred.chain([unit]).collect::<Vec<_>>())?;
        Ok(self.bars.iter().any(|bar| bar.bars_unit(&lineage, unit)))
    }

    /// Says what became of the referral it is under.
    ///
    /// # Errors
    /// Database only.
    pub fn settle_referral(&self, c: &mut Conn, state: &str, at: Time) -> Result<()> {
        match &self.row.facts.referral {
            Some(referral) => repo::settle_referral(c, referral.id, state, at),
            None => Ok(()),
        }
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
            self.lineage.extend(unit::repo::lineage(c, &[unit])?);
        }
        Ok(())
    }

    /// Gives it a lead unit, whose units above are needed for later questions about relations.
    ///
    /// # Errors
    /// Database only.
    pub fn lead(&mut self, c: &mut Conn, unit: Id) -> Result<()> {
        self.row.lead_unit = Some(unit);
        self.lineage.extend(unit::repo::lineage(c, &[unit])?);
        Ok(())
    }

    /// The parties who still take part.
    pub fn active_parties(&self) -> impl Iterator<Item = &Party> {
        self.parties.iter().filter(|p| p.status == PartyStatus::Active)
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
        self.drafts.push(draft);
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
        repo::update(c, &self.row, self.read_n, &self.filed)?;
        (self.read_n, self.filed) = (self.row.event_n, repo::Filed::of(&self.row));
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
        if fact == read { Ok(()) } else { repo::update_fact(c, &fact) }
    }

    /// Whether a caller may see identity numbers and phones: everybody who works on it, not those who only look on.
    pub fn shows_numbers(&self, actor: &Actor) -> bool {
        let working = Relations::of(&[Relation::Ro, Relation::Su, Relation::Le, Relation::As, Relation::Rv, Relation::Sv, Relation::Oc]);
        !self.relations(actor).and(working).is_empty()
            || actor.account_id.is_none()
            || (actor.roles.has(Role::Receptionist) && self.row.registered_by == actor.id())
    }

    /// Falls back to the normal procedure, once, with its event: the simplified one knows no second petitioner, no assistance, no hearing.
    pub fn end_simplified(&mut self) {
        if self.row.simplified {
            self.row.simplified = false;
            self.event(Draft::by_system("simplified_ended"));
        }
    }
}
