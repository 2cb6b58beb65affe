//! Rows of which several columns are worked out anew: the petition, its words, its row for statistics, its people.

use super::Recast;
use crate::bench::seed::copy::Copy;
use crate::bench::seed::marks::{Detail, Marks};
use crate::deadline::Clock;
use crate::person::{compared_identity, compared_phone};
use crate::petition::model::{Channel, Content, Fact, Party, Petition};
use crate::petition::{number, rules};
use crate::platform::error::{Error, Result};
use chrono::Datelike;

/// The year from which an instant stands for "never".
const NEVER: i32 = 9999;

impl Recast for Petition {
    fn mark(&mut self, marks: &mut Marks<'_>) -> Result<()> {
        let Self {
            id,
            n: _,
            number: _,
            kind: _,
            channel: _,
            stage: _,
            category: _,
            registered_unit,
            registered_by,
            sending_unit,
            lead_unit,
            review_unit,
            restricted: _,
            barred: _,
            urgent: _,
            simplified: _,
            first_here: _,
            matter_id,
            repeat_of,
            received_at: _,
            registered_at: _,
            registered_day: _,
            closed_at: _,
            closure_reason: _,
            sort_due: _,
            sort_yellow: _,
            work_unit,
            priority_rank: _,
            facts,
            version: _,
            event_n: _,
            event_hash: _,
        } = self;
        [id, registered_unit, registered_by, sending_unit, matter_id].into_iter().try_for_each(|id| id.mark(marks))?;
        [lead_unit, review_unit, repeat_of, work_unit].into_iter().try_for_each(|id| id.mark(marks))?;
        facts.mark(marks)
    }

    fn recast(&self, copy: &mut Copy<'_>) -> Result<Self> {
        let Self {
            id,
            n: _,
            number: _,
            kind,
            channel,
            stage,
            category,
            registered_unit,
            registered_by,
            sending_unit,
            lead_unit,
            review_unit,
            restricted,
            barred,
            urgent,
            simplified,
            first_here,
            matter_id,
            repeat_of,
            received_at,
            registered_at,
            registered_day: _,
            closed_at,
            closure_reason,
            sort_due,
            sort_yellow,
            work_unit,
            priority_rank: _,
            facts,
            version,
            event_n,
            event_hash: _,
        } = self;
        Ok(Self {
            id: id.recast(copy)?,
            n: copy.n,
            number: copy.number.clone(),
            kind: *kind,
            channel: *channel,
            stage: *stage,
            category: category.clone(),
            registered_unit: registered_unit.recast(copy)?,
            registered_by: registered_by.recast(copy)?,
            sending_unit: sending_unit.recast(copy)?,
            lead_unit: lead_unit.recast(copy)?,
            review_unit: review_unit.recast(copy)?,
            restricted: *restricted,
            barred: *barred,
            urgent: *urgent,
            simplified: *simplified,
            first_here: *first_here,
            matter_id: matter_id.recast(copy)?,
            repeat_of: repeat_of.recast(copy)?,
            received_at: received_at.recast(copy)?,
            registered_at: registered_at.recast(copy)?,
            registered_day: copy.registered_day,
            closed_at: closed_at.recast(copy)?,
            closure_reason: *closure_reason,
            sort_due: if sort_due.0.year() >= NEVER { *sort_due } else { sort_due.recast(copy)? },
            sort_yellow: if sort_yellow.0.year() >= NEVER { *sort_yellow } else { sort_yellow.recast(copy)? },
            work_unit: work_unit.recast(copy)?,
            priority_rank: copy.priority_reasons.level(facts.priority).rank(),
            facts: facts.recast(copy)?,
            version: *version,
            event_n: *event_n,
            event_hash: copy.event_hash.clone(),
        })
    }
}

impl Recast for Content {
    fn mark(&mut self, marks: &mut Marks<'_>) -> Result<()> {
        let Self {
            petition_id,
            title,
            statement,
            purpose,
            matter_place,
            intake_place: _,
            occurred_at: _,
            captured_at: _,
            backdating_reason,
            anonymous: _,
            joint: _,
            litigation_related: _,
            wants_visit: _,
            persons: _,
            affected: _,
            subject_name,
            subject_unit_id,
            subject_staff_id,
            repeat_no: _,
            priority_reasons: _,
            query_code_mac: _,
            read_back: _,
            read_back_at: _,
            read_back_by,
        } = self;
        [title, statement].into_iter().try_for_each(|text| text.mark(marks))?;
        [purpose, matter_place, backdating_reason, subject_name].into_iter().try_for_each(|text| text.mark(marks))?;
        [subject_unit_id, subject_staff_id, read_back_by].into_iter().try_for_each(|id| id.mark(marks))?;
        petition_id.mark(marks)
    }

    fn recast(&self, copy: &mut Copy<'_>) -> Result<Self> {
        let Self {
            petition_id,
            title,
            statement,
            purpose,
            matter_place,
            intake_place,
            occurred_at,
            captured_at,
            backdating_reason,
            anonymous,
            joint,
            litigation_related,
            wants_visit,
            persons,
            affected,
            subject_name,
            subject_unit_id,
            subject_staff_id,
            repeat_no,
            priority_reasons: _,
            query_code_mac: _,
            read_back,
            read_back_at,
            read_back_by,
        } = self;
        let petition_id = petition_id.recast(copy)?;
        Ok(Self {
            petition_id,
            title: title.recast(copy)?,
            statement: statement.recast(copy)?,
            purpose: purpose.recast(copy)?,
            matter_place: matter_place.recast(copy)?,
            intake_place: *intake_place,
            occurred_at: occurred_at.recast(copy)?,
            captured_at: captured_at.recast(copy)?,
            backdating_reason: backdating_reason.recast(copy)?,
            anonymous: *anonymous,
            joint: *joint,
            litigation_related: *litigation_related,
            wants_visit: *wants_visit,
            persons: *persons,
            affected: *affected,
            subject_name: subject_name.recast(copy)?,
            subject_unit_id: subject_unit_id.recast(copy)?,
            subject_staff_id: subject_staff_id.recast(copy)?,
            repeat_no: *repeat_no,
            priority_reasons: copy.priority_reasons.written(),
            query_code_mac: copy.query_code(petition_id)?,
            read_back: *read_back,
            read_back_at: read_back_at.recast(copy)?,
            read_back_by: read_back_by.recast(copy)?,
        })
    }
}

impl Recast for Fact {
    fn mark(&mut self, marks: &mut Marks<'_>) -> Result<()> {
        let Self {
            petition_id,
            registered_day: _,
            received_day: _,
            closed_day: _,
            closure_reason: _,
            voided: _,
            kind: _,
            channel: _,
            category: _,
            registered_unit,
            lead_unit,
            first_here: _,
            litigation_related: _,
            joint: _,
            anonymous: _,
            persons: _,
            age_band: _,
            sex: _,
            living: _,
        } = self;
        petition_id.mark(marks)?;
        registered_unit.mark(marks)?;
        lead_unit.mark(marks)
    }

    fn recast(&self, copy: &mut Copy<'_>) -> Result<Self> {
        let Self {
            petition_id,
            registered_day: _,
            received_day: _,
            closed_day: _,
            closure_reason,
            voided,
            kind,
            channel,
            category,
            registered_unit,
            lead_unit,
            first_here,
            litigation_related,
            joint,
            anonymous,
            persons,
            age_band,
            sex,
            living,
        } = self;
        let born = age_band.as_ref().and(copy.first_born);
        Ok(Self {
            petition_id: petition_id.recast(copy)?,
            registered_day: copy.registered_day,
            received_day: copy.received_day,
            closed_day: copy.closed_day,
            closure_reason: *closure_reason,
            voided: *voided,
            kind: *kind,
            channel: *channel,
            category: category.clone(),
            registered_unit: registered_unit.recast(copy)?,
            lead_unit: lead_unit.recast(copy)?,
            first_here: *first_here,
            litigation_related: *litigation_related,
            joint: *joint,
            anonymous: *anonymous,
            persons: *persons,
            age_band: born.map(|born| rules::age_band(rules::age(born, copy.registered_day)).to_owned()),
            sex: *sex,
            living: living.clone(),
        })
    }
}

impl Recast for Party {
    /// What is encrypted becomes its own mark; it was read before.
    fn mark(&mut self, marks: &mut Marks<'_>) -> Result<()> {
        let person = marks.person(self);
        let Self {
            id,
            petition_id,
            n: _,
            role: _,
            name,
            name_folded: _,
            name_pinyin: _,
            name_initials: _,
            retiree_id,
            sex: _,
            birth_date: _,
            identity_number,
            identity_hash: _,
            phone,
            phone_hash: _,
            address,
            relation,
            authority,
            authority_expires_on: _,
            status: _,
            ended_at: _,
            ended_reason,
            own_will_confirmed_at: _,
            own_will_how: _,
            own_will_by,
            own_will_note,
        } = self;
        id.mark(marks)?;
        petition_id.mark(marks)?;
        retiree_id.mark(marks)?;
        own_will_by.mark(marks)?;
        *name = marks.of_person(person, Detail::Name, name)?;
        for (sealed, detail) in [(identity_number, Detail::Identity), (phone, Detail::Phone), (address, Detail::Address)] {
            if let Some(sealed) = sealed {
                let plain = String::from_utf8_lossy(sealed);
                *sealed = marks.of_person(person, detail, &plain)?.into_bytes();
            }
        }
        [relation, authority, ended_reason, own_will_note].into_iter().try_for_each(|text| text.mark(marks))
    }

    fn recast(&self, copy: &mut Copy<'_>) -> Result<Self> {
        let Self {
            id,
            petition_id,
            n,
            role,
            name,
            name_folded: _,
            name_pinyin: _,
            name_initials: _,
            retiree_id: _,
            sex,
            birth_date,
            identity_number,
            identity_hash: _,
            phone,
            phone_hash: _,
            address,
            relation,
            authority,
            authority_expires_on,
            status,
            ended_at,
            ended_reason,
            own_will_confirmed_at,
            own_will_how,
            own_will_by,
            own_will_note,
        } = self;
        let id = id.recast(copy)?;
        let name = copy.filled(name);
        let plain = |copy: &Copy<'_>, value: &Option<Vec<u8>>| value.as_ref().map(|v| copy.filled(&String::from_utf8_lossy(v)));
        let [identity, telephone, home] = [identity_number, phone, address].map(|value| plain(copy, value));
        let person = copy.person(&name).map(|p| (p.spelled.folded.clone(), p.spelled.pinyin.clone(), p.spelled.initials.clone(), p.born));
        let (name_folded, name_pinyin, name_initials, born) = person.ok_or_else(|| Error::internal("a person without a name"))?;
        Ok(Self {
            id,
            petition_id: petition_id.recast(copy)?,
            n: *n,
            role: *role,
            name_folded,
            name_pinyin,
            name_initials,
            // who files here has no profile
            retiree_id: None,
            sex: *sex,
            birth_date: birth_date.map(|_| born),
            name,
            identity_hash: identity.as_deref().map(|t| copy.keys.lookup("identity_number", &compared_identity(t))).transpose()?,
            identity_number: identity.map(|t| copy.seal(id, "identity_number", &t)).transpose()?,
            phone_hash: telephone.as_deref().map(|t| copy.keys.lookup("phone", &compared_phone(t))).transpose()?,
            phone: telephone.map(|t| copy.seal(id, "phone", &t)).transpose()?,
            address: home.map(|t| copy.seal(id, "address", &t)).transpose()?,
            relation: relation.recast(copy)?,
            authority: authority.recast(copy)?,
            authority_expires_on: authority_expires_on.recast(copy)?,
            status: *status,
            ended_at: ended_at.recast(copy)?,
            ended_reason: ended_reason.recast(copy)?,
            own_will_confirmed_at: own_will_confirmed_at.recast(copy)?,
            own_will_how: *own_will_how,
            own_will_by: own_will_by.recast(copy)?,
            own_will_note: own_will_note.recast(copy)?,
        })
    }
}

impl Recast for Clock {
    fn mark(&mut self, marks: &mut Marks<'_>) -> Result<()> {
        let Self {
            id,
            subject_kind: _,
            subject_id,
            kind: _,
            unit_id,
            state: _,
            cause: _,
            profile: _,
            profile_version: _,
            calendar: _,
            calendar_version: _,
            provisional: _,
            limit_amount: _,
            limit_unit: _,
            extended_days: _,
            pauses: _,
            started_at: _,
            started_n: _,
            yellow_at: _,
            warned: _,
            next_at: _,
            due_on: _,
            due_at: _,
            target_at: _,
            breached_at: _,
            stopped_at: _,
            stopped_n: _,
            restored_from,
        } = self;
        [id, subject_id].into_iter().try_for_each(|id| id.mark(marks))?;
        [unit_id, restored_from].into_iter().try_for_each(|id| id.mark(marks))
    }

    fn recast(&self, copy: &mut Copy<'_>) -> Result<Self> {
        let counted = copy.clock(self)?;
        Ok(Self {
            id: self.id.recast(copy)?,
            subject_id: self.subject_id.recast(copy)?,
            unit_id: self.unit_id.recast(copy)?,
            restored_from: self.restored_from.recast(copy)?,
            ..counted
        })
    }
}

/// The number of a copy.
pub(in crate::bench::seed) fn numbered(copy: &Copy<'_>, channel: Channel) -> String {
    number::number(copy.office_code, copy.registered_day, channel, copy.n)
}
