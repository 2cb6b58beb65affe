//! The words of a filing: what fills the texts of its theme, what is said, what is sent to the desk.

use super::{Chosen, Filing};
use crate::demo::arrivals::Arrival;
use crate::demo::case::{Case, Noticed};
use crate::demo::texts::{Filling, Theme};
use crate::petition::Channel;
use crate::petition::model::IntakePlace;
use crate::platform::error::{Error, Result};
use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value, json};

impl Filing<'_> {
    /// What fills the texts of this case; as before when somebody comes again with the same.
    pub(super) fn filling(&mut self, theme: &Theme, chosen: &Chosen, day: NaiveDate) -> Result<Filling> {
        let before = self.filed.get(&chosen.person).filter(|_| chosen.again);
        let (mut filling, person) = match before {
            Some(before) => {
                let mut filling = before.filling.clone();
                filling.set("before", format!("{}月{}日", before.day.month(), before.day.day()));
                filling.set("nth", before.times + 1);
                (filling, self.crowd.person(chosen.person)?)
            }
            None => (Filling::default(), self.crowd.person(chosen.person)?),
        };
        person.fill(&mut filling, day);
        if before.is_none() {
            let chance = &mut self.chance;
            let (year, retired) = (i64::from(day.year()), i64::from(person.retired()));
            filling.set("year", chance.between((year - 9).max(retired + 1), (year - 2).max(retired + 1)));
            filling.set("lastyear", year - 1);
            // they began at eighteen
            let started = filling.get("born").parse::<i64>().map_or(year - 60, |born| born + 18);
            filling.set("started", started);
            let amount = chance.between(theme.amounts.0 / 10, theme.amounts.1 / 10) * 10;
            filling.set("amount", amount);
            filling.set("monthly", chance.between(4, 38) * 10);
            let months = chance.between(3, 14);
            filling.set("months", months);
            // what is owed where the amount is that of a month
            filling.set("owed", amount * months);
            filling.set("days", chance.between(6, 25));
            filling.set("count", chance.between(3, 6));
            let (came, affected) = theme.group.as_ref().map_or(((1, 1), (1, 1)), |group| (group.came, group.affected));
            filling.set("came", chance.between(came.0, came.1));
            filling.set("affected", chance.between(affected.0, affected.1));
        }
        if let Some(employer) = &theme.employer {
            filling.set("employer", employer);
            filling.set("branch", format!("{employer}退休党支部"));
        }
        let title = theme.matters.get(chosen.matter).ok_or(Error::NotFound)?;
        let title = filling.fill(&title.title)?;
        filling.set("title", title);
        Ok(filling)
    }

    /// What is sent to register it.
    pub(super) fn body(&mut self, case: &Case<'_>, arrival: &Arrival, chosen: &Chosen) -> Result<Map<String, Value>> {
        let (theme, words, filling) = (case.theme, &self.texts.words, &case.filling);
        let matter = theme.matters.get(chosen.matter).ok_or(Error::NotFound)?;
        let title = if chosen.again { filling.fill(&words.again_title)? } else { filling.get("title").to_owned() };
        let meeting = theme.place.as_deref().filter(|_| arrival.channel == Channel::Visit);
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("id", json!(case.id));
        put("channel", json!(arrival.channel));
        put("intake_place", meeting.map_or_else(|| json!(arrival.place), |place| json!(place)));
        put("kind", json!(theme.kind));
        put("category", json!(theme.category));
        put("title", json!(title));
        put("statement", json!(self.statement(case, arrival, chosen)?));
        put("purpose", json!(filling.fill(&matter.purpose)?));
        put("parties", self.people(case, chosen)?);
        if case.noticed == Noticed::AtOnce {
            put("repeat_of", json!(case.earlier));
        }
        if let Some(at) = arrival.captured_at {
            put("captured_at", json!(at));
        }
        if let Some(at) = arrival.received_at {
            put("received_at", json!(at));
            let reasons = if arrival.channel == Channel::Letter { &words.late_letters } else { &words.late_reasons };
            put("backdating_reason", json!(self.chance.pick(reasons)?));
        }
        if let Some(place) = &theme.matter_place {
            put("matter_place", json!(filling.fill(place)?));
        }
        if let Some(subject) = &theme.subject {
            let unit = subject.unit.as_deref().map(|code| self.office.unit(code)).transpose()?;
            let staff = subject.staff.as_deref().map(|name| self.office.account(name)).transpose()?;
            put("subject", json!({"name": subject.name, "unit_id": unit, "staff_id": staff}));
        }
        if chosen.joint || matter.statement.contains("{affected}") {
            put("affected", json!(number(filling, "affected")?));
        }
        if chosen.joint {
            put("joint", json!(true));
            put("persons", json!(number(filling, "came")?.max(6)));
        }
        let visit = matches!(arrival.channel, Channel::Phone | Channel::Letter) && self.rare.wants_visit.deal(&mut self.chance)?;
        for (name, holds) in [
            ("read_back", arrival.channel.is_oral() && super::at_desk(case)),
            ("anonymous", case.parties.anonymous),
            ("urgent", theme.urgent && !case.simplified),
            ("litigation_related", theme.litigation),
            ("simplified", case.simplified),
            ("wants_visit", visit),
        ] {
            if holds {
                put(name, json!(true));
            }
        }
        let forwarded = arrival.channel == Channel::Letter && self.rare.forwarded.deal(&mut self.chance)?;
        let issuer = match &theme.issuer {
            Some(issuer) => Some(filling.fill(issuer)?),
            None => forwarded.then(|| words.forwarded_by.clone()),
        };
        if let Some(issuer) = issuer {
            let number = format!("{}〔{}〕{}号", if forwarded { "转" } else { "支" }, arrival.at.year(), self.chance.between(3, 180));
            put("external_numbers", json!([{"issuer": issuer, "number": number}]));
        }
        Ok(body)
    }

    fn people(&mut self, case: &Case<'_>, chosen: &Chosen) -> Result<Value> {
        if case.parties.anonymous {
            return Ok(json!([]));
        }
        let person = self.crowd.person(chosen.person)?.clone();
        let mut petitioner = person.party("petitioner", case.parties.reachable);
        // whoever does not leave their numbers is not looked up either
        if let Some(retiree) = person.retiree.filter(|_| super::at_desk(case) && case.parties.reachable) {
            petitioner["retiree_id"] = json!(retiree);
        }
        let mut parties = vec![petitioner];
        if case.parties.proxy {
            parties.push(person.relative.proxy(self.chance.pick(&self.texts.words.authorities)?));
        }
        let beside = if chosen.joint { self.chance.between(2, 5) } else { i64::from(case.parties.principals == 2) };
        for _ in 0..beside {
            let day = case.since.date_naive();
            let other = self.crowd.newcomer(&[person.standing], None, day, &mut self.chance)?;
            let role = if chosen.joint { "representative" } else { "co_petitioner" };
            parties.push(self.crowd.person(other)?.party(role, true));
        }
        Ok(json!(parties))
    }

    /// What they say, as somebody would write it or take it down.
    fn statement(&mut self, case: &Case<'_>, arrival: &Arrival, chosen: &Chosen) -> Result<String> {
        let words = &self.texts.words;
        let standing = self.crowd.person(chosen.person)?.standing;
        let selves = words.selves.get(&standing).map_or(&[][..], Vec::as_slice);
        let matter = case.theme.matters.get(chosen.matter).ok_or(Error::NotFound)?;
        let oral = matches!(arrival.channel, Channel::Visit | Channel::Phone | Channel::HomeVisit);
        let mut parts: Vec<&[String]> = Vec::new();
        match arrival.place {
            IntakePlace::Home => parts.push(&words.at_home),
            IntakePlace::Hospital => parts.push(&words.at_bed),
            _ if case.parties.proxy => parts.push(&words.by_proxy),
            _ => {}
        }
        if !oral {
            parts.push(&words.greetings);
        }
        if case.parties.anonymous {
            parts.push(&words.unnamed);
        } else if !chosen.joint {
            parts.push(selves);
        }
        if chosen.again {
            parts.push(&words.again);
        }
        parts.push(std::slice::from_ref(&matter.statement));
        if chosen.joint && matter.only.is_none() {
            parts.push(&words.together);
        }
        parts.push(if oral { &words.spoken_endings } else { &words.endings });
        parts.into_iter().map(|from| case.filling.fill(self.chance.pick(from)?)).collect()
    }
}

fn number(filling: &Filling, name: &str) -> Result<i64> {
    filling.get(name).parse().map_err(|_| Error::internal(format!("the sample has no number {name}")))
}
