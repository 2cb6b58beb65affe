//! Looking for what a petition may repeat; joining matters and parting them.

use super::model::{Candidate, CandidateParty, CandidateReason, Candidates, FindCandidates, Likeness, LinkMatter, UnlinkMatter};
use super::repo::{self, Known};
use super::rules::{self, Compared, SameMatter, Sameness, Somebody};
use crate::auth::Context;
use crate::codes;
use crate::person::{Spelled, compared_identity, compared_phone};
use crate::petition::repeats::service as repeats;
use crate::petition::repo::rows::Listed;
use crate::petition::repo::scope::Caller;
use crate::petition::rules::different_kinds;
use crate::petition::{Act, Case, ClosureReason, Kind, service, view};
use crate::platform::db::Conn;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result, Text};
use crate::platform::web::{Answer, Body, Lang};
use crate::retiree;
use crate::unit;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Digits a telephone number has at least: with fewer anybody might have it.
const DIGITS: usize = 5;

/// What candidates are looked for.
struct Asked<'a> {
    people: Vec<Somebody>,
    kind: Option<Kind>,
    category: Option<&'a str>,
    title: Option<Compared>,
    statement: Option<Compared>,
    /// Where a name alone says something.
    units: Vec<Id>,
    /// The matter it belongs to already.
    matter: Option<Id>,
}

/// What a petition that is about to be registered may repeat.
///
/// # Errors
/// Invalid when there is nothing to compare.
pub fn before_registering(c: &mut Conn, cx: &Context, new: &FindCandidates, lang: Lang) -> Result<Candidates> {
    if new.parties.is_empty() && new.title.is_none() && new.statement.is_none() {
        return Err(Error::fault("/parties", codes::NOTHING_TO_COMPARE));
    }
    let asked = Asked {
        people: new.parties.iter().map(|party| somebody(cx, party)).collect::<Result<_>>()?,
        kind: new.kind,
        category: new.category.as_deref(),
        title: new.title.as_deref().map(Compared::of),
        statement: new.statement.as_deref().map(Compared::of),
        units: vec![cx.actor.unit_id],
        matter: None,
    };
    candidates(c, cx, asked, lang)
}

/// What a petition may repeat, or may be repeated by; not what is of its matter already.
///
/// # Errors
/// [`Error::NotFound`].
pub fn of_petition(c: &mut Conn, cx: &Context, id: Id, lang: Lang) -> Result<Candidates> {
    let case = Case::load(c, cx, id)?;
    let asked = Asked {
        people: case.parties.iter().map(Somebody::from).collect(),
        kind: Some(case.row.kind),
        category: Some(&case.row.category),
        title: Some(Compared::of(&case.content.title)),
        statement: Some(Compared::of(&case.content.statement)),
        units: case.row.lead_unit.into_iter().chain([case.row.registered_unit]).collect(),
        matter: Some(case.row.matter_id),
    };
    candidates(c, cx, asked, lang)
}

/// Gives people the profile that goes on for theirs, and says which profiles are each one's.
fn follow_merges(c: &mut Conn, people: &mut [Somebody]) -> Result<HashMap<Id, Id>> {
    let named: Vec<Id> = people.iter().filter_map(|one| one.retiree).collect();
    let goes_on = retiree::one_person(c, &named)?;
    for one in people {
        one.retiree = one.retiree.map(|id| goes_on.get(&id).copied().unwrap_or(id));
    }
    Ok(goes_on)
}

fn somebody(cx: &Context, party: &CandidateParty) -> Result<Somebody> {
    let digits = party.phone.as_deref().map(compared_phone).filter(|digits| digits.len() >= DIGITS);
    Ok(Somebody {
        identity: party.identity_number.as_deref().map(|text| cx.keys.lookup("identity_number", &compared_identity(text))).transpose()?,
        phone: digits.map(|digits| cx.keys.lookup("phone", &digits)).transpose()?,
        retiree: party.retiree_id,
        name: party.name.as_deref().map(|name| Spelled::of(name).folded).unwrap_or_default(),
        born: party.birth_date,
    })
}

fn candidates(c: &mut Conn, cx: &Context, mut asked: Asked<'_>, lang: Lang) -> Result<Candidates> {
    let goes_on = follow_merges(c, &mut asked.people)?;
    let mut people: BTreeMap<Id, Vec<Known>> = BTreeMap::new();
    for known in repo::people(c, &asked.people, goes_on.keys().copied().collect())? {
        people.entry(known.petition).or_default().push(known);
    }
    if people.is_empty() {
        return Ok(Candidates { items: Vec::new() });
    }
    let caller = Caller::of(c, &cx.actor)?;
    let ids: Vec<Id> = people.keys().copied().collect();
    let compared = |p: &Listed| {
        let apart = asked.kind.is_some_and(|kind| different_kinds(kind, p.kind));
        !apart && asked.matter != Some(p.matter_id) && p.closure_reason != Some(ClosureReason::Voided)
    };
    let seen: Vec<(Listed, String)> = repo::petitions(c, &caller, &ids)?.into_iter().filter(|(p, _)| compared(p)).collect();
    let mut scored: Vec<(u8, Vec<Likeness>, Listed)> = Vec::new();
    let mut rest: Vec<Listed> = Vec::new();
    for (p, statement) in seen {
        let (person, co_signer) = likest(&asked, &goes_on, people.remove(&p.id).unwrap_or_default(), &p);
        if person.weight == 0 {
            rest.push(p);
            continue;
        }
        let matter = SameMatter {
            titles: asked.title.as_ref().and_then(|title| title.alike(&Compared::of(&p.title))),
            statements: asked.statement.as_ref().and_then(|words| words.alike(&Compared::of(&statement))),
            category: asked.category.map(|code| code == p.category),
        };
        let (score, reasons) = rules::score(&person, co_signer, &matter);
        scored.push((score, reasons, p));
    }
    // whoever signs only one of two petitions of a matter comes with the other one too
    let matters: BTreeMap<Id, u8> = scored.iter().map(|(score, _, p)| (p.matter_id, *score)).collect();
    for p in rest {
        if let Some(score) = matters.get(&p.matter_id) {
            scored.push((score - score / 5, vec![Likeness::SameMatter], p));
        }
    }
    scored.sort_by(|(one, _, a), (other, _, b)| other.cmp(one).then(b.n.cmp(&a.n)));
    scored.truncate(rules::MOST);
    let units: BTreeSet<Id> = scored.iter().flat_map(|(_, _, p)| p.units()).collect();
    let names = unit::repo::names(c, &units.into_iter().collect::<Vec<_>>())?;
    let items = scored.into_iter().map(|(score, reasons, p)| Candidate {
        petition: view::item(cx, p, &names, cx.now()),
        score,
        reasons: reasons.into_iter().map(|code| CandidateReason { code, text: lang.of(words(code)) }).collect(),
    });
    Ok(Candidates { items: items.collect() })
}

/// Whoever of a petition's people is most like one of those asked for, and whether they only signed beside or for the petitioner.
fn likest(asked: &Asked<'_>, goes_on: &HashMap<Id, Id>, people: Vec<Known>, p: &Listed) -> (Sameness, bool) {
    let same_unit = asked.units.iter().any(|unit| p.registered_unit == *unit || p.lead_unit == Some(*unit));
    let mut best = (Sameness::default(), false);
    for known in people {
        let beside = known.role != crate::petition::model::PartyRole::Petitioner;
        let theirs = known.somebody(goes_on);
        for one in &asked.people {
            let sameness = rules::same_person(one, &theirs, same_unit);
            if sameness.weight > best.0.weight {
                best = (sameness, beside);
            }
        }
    }
    best
}

const fn words(code: Likeness) -> Text {
    match code {
        Likeness::SameIdentity => Text { en: "The same identity number", zh: "身份证号相同" },
        Likeness::SameRetiree => Text { en: "The same retiree on file", zh: "同一离退休人员档案" },
        Likeness::SamePhone => Text { en: "The same telephone number", zh: "电话相同" },
        Likeness::SameNameAndBirth => Text { en: "The same name and year of birth", zh: "姓名和出生年份相同" },
        Likeness::SameNameAndUnit => Text { en: "The same name at the same unit", zh: "同一单位的同名信访人" },
        Likeness::CoSigner => {
            Text { en: "Signed there beside or for the petitioner", zh: "曾作为共同信访人、代表或代理人署名" }
        }
        Likeness::SimilarText => Text { en: "Similar words", zh: "反映内容相近" },
        Likeness::SameCategory => Text { en: "The same category", zh: "内容分类相同" },
        Likeness::SameMatter => Text { en: "Of one matter with another one listed", zh: "与列出的另一件属同一事项" },
    }
}

/// Joins the matter of another petition.
///
/// # Errors
/// As [`service::perform`]; Invalid for itself, one that is not in sight, another kind, or nobody in common that somebody confirms.
pub fn link(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<LinkMatter>) -> Result<Answer> {
    service::perform(c, cx, id, Act::LinkMatter, body, |c, cx, case, input| {
        let fault = |code| Error::fault("/petition_id", code);
        if input.petition_id == case.row.id {
            return Err(fault(codes::SELF_LINK));
        }
        let other = match Case::load(c, cx, input.petition_id) {
            Err(Error::NotFound) => Err(fault(codes::UNKNOWN_PETITION)),
            other => other,
        }?;
        if different_kinds(case.row.kind, other.row.kind) {
            return Err(fault(codes::DIFFERENT_KIND));
        }
        if !input.confirmed.unwrap_or(false) && !have_somebody_in_common(c, case, &other)? {
            return Err(fault(codes::NO_COMMON_PARTY));
        }
        let (draft, from) = (case.draft(&cx.actor, Act::LinkMatter, "linked"), case.row.matter_id);
        repeats::join(c, cx, case, &other)?;
        if case.row.matter_id == from {
            // they belong together already
            return Ok(None);
        }
        let mut draft = repeats::told(draft, &case.place(), case.row.restricted).with("from_matter_id", from);
        if !case.row.restricted {
            draft = draft.with("petition_id", other.row.id);
        }
        case.event(draft.sealed(json!({"reason": input.reason})));
        // the simplified procedure is for what is new
        case.end_simplified(cx, None);
        Ok(None)
    })
}

fn have_somebody_in_common(c: &mut Conn, case: &Case, other: &Case) -> Result<bool> {
    let mut all: Vec<Somebody> = case.parties.iter().chain(&other.parties).map(Somebody::from).collect();
    follow_merges(c, &mut all)?;
    let (mine, theirs) = all.split_at(case.parties.len());
    // two names that are the same are enough where somebody says that it is one matter
    Ok(mine.iter().any(|one| theirs.iter().any(|two| rules::same_person(one, two, true).weight > 0)))
}

/// Leaves its matter, for one of its own.
///
/// # Errors
/// As [`service::perform`]; Invalid without a reason.
pub fn unlink(c: &mut Conn, cx: &mut Context, id: Id, body: &Body<UnlinkMatter>) -> Result<Answer> {
    service::perform(c, cx, id, Act::UnlinkMatter, body, |c, cx, case, input| {
        let reason = input.reason.as_deref().ok_or_else(|| Error::fault("/reason", codes::REASON_REQUIRED))?;
        let (draft, from) = (case.draft(&cx.actor, Act::UnlinkMatter, "unlinked"), case.row.matter_id);
        repeats::leave(c, cx, case)?;
        let draft = repeats::told(draft, &case.place(), case.row.restricted).with("from_matter_id", from);
        case.event(draft.sealed(json!({"reason": reason})));
        Ok(None)
    })
}
