//! The one table of acts: what may be done, where, in which stages, to which kinds, by whom.
//!
//! `allowed_actions`, the permission check, the document and the tests all read it. It names every act of the procedure;
//! those whose slice is not built yet have no route and are never listed as allowed.

use super::model::{ClosureReason, Kind, Stage};
use crate::auth::Relation::{self, As, Cb, Hd, Ld, Le, Me, Oc, Pe, Ro, Rv, Sd, Su, Sv, Wr};
use crate::auth::{Relations, Roles};

/// A set of stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stages(u8);

impl Stages {
    /// Whether the stage is in the set.
    pub const fn has(self, stage: Stage) -> bool {
        self.0 & (1 << stage as u8) != 0
    }
}

const fn one(stage: Stage) -> Stages {
    Stages(1 << stage as u8)
}

const fn any_of(stages: &[Stages]) -> Stages {
    let (mut bits, mut i) = (0, 0);
    while i < stages.len() {
        bits |= stages[i].0;
        i += 1;
    }
    Stages(bits)
}

const NONE: Stages = Stages(0);
const ANY: Stages = Stages(0x7f);
const RG: Stages = one(Stage::Registered);
const RF: Stages = one(Stage::Referred);
const HA: Stages = one(Stage::Handling);
const DE: Stages = one(Stage::Decided);
const DL: Stages = one(Stage::Delivered);
const UR: Stages = one(Stage::UnderReview);
const CL: Stages = one(Stage::Closed);
/// Every stage but `closed`.
const OPEN: Stages = any_of(&[RG, RF, HA, DE, DL, UR]);

const CSA: &[Kind] = &[Kind::Claim, Kind::Suggestion, Kind::Accusation];
const CS: &[Kind] = &[Kind::Claim, Kind::Suggestion];
const C: &[Kind] = &[Kind::Claim];

/// What the procedure says of one act.
#[derive(Debug)]
pub struct Row {
    /// The act.
    pub act: Act,
    /// Its name in `allowed_actions`; closings share one and differ by reason.
    pub name: &'static str,
    /// HTTP method.
    pub method: &'static str,
    /// Path below `/api/v1`.
    pub path: &'static str,
    /// Stages in which it is legal.
    pub stages: Stages,
    /// Kinds it exists for.
    pub kinds: &'static [Kind],
    /// The reason, for a closing.
    pub reason: Option<ClosureReason>,
    /// Who may, by stage.
    pub who: &'static [(Stages, &'static [Relation])],
    /// Whether the caller must say which version they have seen.
    pub needs_version: bool,
    /// Whether its slice exists.
    pub built: bool,
    /// In a few words.
    pub title: &'static str,
}

impl Row {
    /// The relations that permit it in a stage; in a stage where it is not legal, those of any stage.
    pub fn who(&self, stage: Stage) -> Relations {
        let everywhere = !self.stages.has(stage);
        let relations: Vec<Relation> =
            self.who.iter().filter(|(at, _)| everywhere || at.has(stage)).flat_map(|(_, who)| who.iter().copied()).collect();
        Relations::of(&relations)
    }

    /// The roles that may ever do it.
    pub fn roles(&self) -> Roles {
        let relations: Vec<Relation> = self.who.iter().flat_map(|(_, who)| who.iter().copied()).collect();
        Relations::of(&relations).roles()
    }

    /// Whether it is legal for this kind in this stage, whoever asks.
    pub fn legal(&self, stage: Stage, kind: Kind) -> bool {
        self.stages.has(stage) && self.kinds.contains(&kind)
    }
}

/// Everything that can be done to a petition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // each row of the table has its title
pub enum Act {
    Register,
    Correct,
    AddAttachment,
    AddParty,
    EndParty,
    ConfirmOwnWill,
    AddNote,
    ReissueQueryCode,
    RecordContact,
    Instruct,
    SetOfficer,
    LinkMatter,
    UnlinkMatter,
    MarkUrgent,
    UnmarkUrgent,
    RecordUrgentReport,
    SetPriority,
    GiveNotice,
    DeliverNotice,
    Refer,
    Assign,
    Recall,
    Object,
    DecideObjection,
    Accept,
    AskAssistance,
    AnswerAssistance,
    CancelAssistance,
    RequestExtension,
    DecideExtension,
    OpenHearing,
    EndHearing,
    Mediate,
    IssueOpinion,
    CorrectOpinion,
    Deliver,
    SubmitReport,
    RecordExecution,
    EvaluateOffice,
    EvaluateUnit,
    RequestReview,
    DecideReview,
    CloseOnTheSpot,
    CloseElsewhere,
    CloseDiverted,
    CloseNoLongerAccepted,
    CloseVoided,
    CloseLinked,
    CloseMediated,
    CloseFinal,
    CloseDeceased,
    Withdraw,
    Reopen,
    ReportDeath,
    AnswerHeirs,
    Supervise,
    ConfirmSupervision,
    DismissSupervision,
    AnswerSupervision,
    LiftSupervision,
    TakeCharge,
    ReleaseCharge,
    Recuse,
    LiftRecusal,
    JoinPolicyIssue,
    LeavePolicyIssue,
}

impl Act {
    /// What the procedure says of it.
    pub fn row(self) -> &'static Row {
        // the table is in the order of the enum; a test holds it
        &ACTS[self as usize]
    }

    /// Whether it makes another version of the petition: not what is only added beside it, nor what the petitioner thinks of it.
    pub const fn raises_version(self) -> bool {
        !matches!(
            self,
            Self::AddNote
                | Self::AddAttachment
                | Self::ReissueQueryCode
                | Self::RecordContact
                | Self::EvaluateOffice
                | Self::EvaluateUnit
                | Self::Supervise
                | Self::ConfirmSupervision
                | Self::DismissSupervision
                | Self::AnswerSupervision
                | Self::LiftSupervision
        )
    }

    /// The stages it may lead to; none for an act that leaves the petition where it is.
    pub const fn leads_to(self) -> Stages {
        match self {
            Self::Register | Self::Recall | Self::DecideObjection => RG,
            Self::Refer | Self::Assign => RF,
            Self::Accept => HA,
            Self::IssueOpinion => DE,
            // with nothing left to wait for it is closed at once
            Self::Deliver => any_of(&[DL, CL]),
            Self::RequestReview => UR,
            Self::DecideReview => any_of(&[DE, HA]),
            Self::CloseOnTheSpot
            | Self::CloseElsewhere
            | Self::CloseDiverted
            | Self::CloseNoLongerAccepted
            | Self::CloseVoided
            | Self::CloseLinked
            | Self::CloseMediated
            | Self::CloseFinal
            | Self::CloseDeceased
            | Self::Withdraw => CL,
            // a suggestion waits for nothing else
            Self::EvaluateOffice | Self::EvaluateUnit => CL,
            Self::Reopen => OPEN,
            _ => NONE,
        }
    }

    /// The closing with this reason, if people can close so.
    pub fn closing(reason: ClosureReason) -> Option<Self> {
        ACTS.iter().find(|row| row.reason == Some(reason)).map(|row| row.act)
    }

    /// The roles that may ever do anything of this name.
    pub fn roles_of(name: &str) -> Roles {
        ACTS.iter().filter(|row| row.name == name && row.built).fold(Roles::NONE, |set, row| set.with(row.roles()))
    }
}

#[allow(clippy::too_many_arguments)] // a line of the table
const fn row(
    act: Act,
    name: &'static str,
    method: &'static str,
    path: &'static str,
    stages: Stages,
    kinds: &'static [Kind],
    reason: Option<ClosureReason>,
    who: &'static [(Stages, &'static [Relation])],
    needs_version: bool,
    built: bool,
    title: &'static str,
) -> Row {
    Row { act, name, method, path, stages, kinds, reason, who, needs_version, built, title }
}

/// The table.
#[rustfmt::skip]
pub const ACTS: &[Row] = &[
    row(Act::Register, "register", "POST", "/petitions", NONE, CSA, None, &[(ANY, &[Ro])], false, true, "register a petition"),
    row(Act::Correct, "correct", "PATCH", "/petitions/{petition_id}", ANY, CSA, None, &[(any_of(&[RG, RF, HA, DE, DL, UR]), &[Ro, Le, Sv]), (CL, &[Sv])], true, true, "correct what was registered"),
    row(Act::AddAttachment, "add_attachment", "POST", "/petitions/{petition_id}/attachments", ANY, CSA, None, &[(ANY, &[Ro, Su, Le, As, Rv, Sv, Pe])], false, true, "attach a file"),
    row(Act::AddParty, "add_party", "POST", "/petitions/{petition_id}/parties", OPEN, CSA, None, &[(ANY, &[Ro, Le, Sv])], false, true, "add a person"),
    row(Act::EndParty, "end_party", "DELETE", "/petitions/{petition_id}/parties/{party_id}", OPEN, CSA, None, &[(ANY, &[Pe, Wr, Ro, Sv])], true, true, "end a person's part"),
    row(Act::ConfirmOwnWill, "confirm_own_will", "PUT", "/petitions/{petition_id}/parties/{party_id}/own-will", OPEN, CSA, None, &[(ANY, &[Ro, Le, Sv])], true, true, "confirm the petitioner's own will"),
    row(Act::AddNote, "add_note", "POST", "/petitions/{petition_id}/notes", ANY, CSA, None, &[(ANY, &[Ro, Su, Le, As, Rv, Sv])], false, true, "write an internal note"),
    row(Act::ReissueQueryCode, "reissue_query_code", "POST", "/petitions/{petition_id}/query-code", ANY, CSA, None, &[(ANY, &[Ro, Le, Sv])], false, true, "give a new query code"),
    row(Act::RecordContact, "record_contact", "POST", "/petitions/{petition_id}/contacts", OPEN, CSA, None, &[(ANY, &[Le, Ro, As, Rv])], false, true, "record a contact with the petitioner"),
    row(Act::Instruct, "instruct", "POST", "/petitions/{petition_id}/instructions", OPEN, CSA, None, &[(ANY, &[Ld])], false, true, "give a leader's instruction"),
    row(Act::SetOfficer, "set_officer", "PUT", "/petitions/{petition_id}/officer", any_of(&[RF, HA, DE, DL]), CSA, None, &[(ANY, &[Le, Sv])], true, true, "name the officer"),
    row(Act::LinkMatter, "link_matter", "PUT", "/petitions/{petition_id}/matter", OPEN, CSA, None, &[(ANY, &[Ro, Su, Le, Sv])], true, true, "join a matter as a repeat"),
    row(Act::UnlinkMatter, "unlink_matter", "DELETE", "/petitions/{petition_id}/matter", OPEN, CSA, None, &[(ANY, &[Ro, Su, Sv])], true, true, "leave a matter"),
    row(Act::MarkUrgent, "mark_urgent", "PUT", "/petitions/{petition_id}/urgency", OPEN, CSA, None, &[(ANY, &[Ro, Le, Sv, Ld])], true, true, "mark as urgent"),
    row(Act::UnmarkUrgent, "unmark_urgent", "DELETE", "/petitions/{petition_id}/urgency", OPEN, CSA, None, &[(ANY, &[Sv])], true, true, "no longer urgent"),
    row(Act::RecordUrgentReport, "record_urgent_report", "PUT", "/petitions/{petition_id}/urgency/report", OPEN, CSA, None, &[(ANY, &[Ro, Le, Sv])], true, true, "record the urgent report"),
    row(Act::SetPriority, "set_priority", "PUT", "/petitions/{petition_id}/priority", OPEN, CSA, None, &[(ANY, &[Ro, Le, Sv])], true, true, "set the priority"),
    row(Act::GiveNotice, "give_notice", "POST", "/petitions/{petition_id}/notices", RG, CSA, None, &[(ANY, &[Ro, Oc, Su])], false, true, "give the notice of receipt"),
    row(Act::DeliverNotice, "deliver_notice", "PUT", "/petitions/{petition_id}/notices/{notice_id}/delivery", ANY, CSA, None, &[(ANY, &[Ro, Le, Rv, Sv])], false, true, "record that a notice arrived"),
    row(Act::Refer, "refer", "POST", "/petitions/{petition_id}/referrals", RG, CSA, None, &[(ANY, &[Su])], true, true, "refer to the competent unit"),
    row(Act::Assign, "assign", "POST", "/petitions/{petition_id}/referrals", RG, CSA, None, &[(ANY, &[Su])], true, true, "assign with a report back"),
    row(Act::Recall, "recall", "DELETE", "/petitions/{petition_id}/referrals/{referral_id}", any_of(&[RF, HA]), CSA, None, &[(ANY, &[Su])], true, true, "take a referral back"),
    row(Act::Object, "object", "POST", "/petitions/{petition_id}/referrals/{referral_id}/objection", RF, CSA, None, &[(ANY, &[Le])], true, true, "object: not ours"),
    row(Act::DecideObjection, "decide_objection", "PUT", "/petitions/{petition_id}/referrals/{referral_id}/objection/decision", RF, CSA, None, &[(ANY, &[Su])], true, true, "decide an objection"),
    row(Act::Accept, "accept", "POST", "/petitions/{petition_id}/acceptance", any_of(&[RG, RF]), CSA, None, &[(RG, &[Oc]), (RF, &[Le])], true, true, "accept"),
    row(Act::AskAssistance, "ask_assistance", "POST", "/petitions/{petition_id}/assistance", HA, CSA, None, &[(ANY, &[Le])], true, true, "ask a unit to assist"),
    row(Act::AnswerAssistance, "answer_assistance", "PUT", "/petitions/{petition_id}/assistance/{assistance_id}/answer", HA, CSA, None, &[(ANY, &[As])], true, true, "answer as an assisting unit"),
    row(Act::CancelAssistance, "cancel_assistance", "DELETE", "/petitions/{petition_id}/assistance/{assistance_id}", HA, CSA, None, &[(ANY, &[Le, Sv])], true, true, "withdraw a question to a unit"),
    row(Act::RequestExtension, "request_extension", "POST", "/petitions/{petition_id}/extensions", HA, C, None, &[(ANY, &[Le])], true, true, "ask for an extension"),
    row(Act::DecideExtension, "decide_extension", "PUT", "/petitions/{petition_id}/extensions/{extension_id}/decision", HA, C, None, &[(ANY, &[Hd])], true, true, "decide an extension"),
    row(Act::OpenHearing, "open_hearing", "POST", "/petitions/{petition_id}/hearings", any_of(&[HA, UR]), C, None, &[(HA, &[Le]), (UR, &[Rv])], true, true, "open a hearing"),
    row(Act::EndHearing, "end_hearing", "PATCH", "/petitions/{petition_id}/hearings/{hearing_id}", any_of(&[HA, UR]), C, None, &[(HA, &[Le]), (UR, &[Rv])], true, true, "end a hearing"),
    row(Act::Mediate, "mediate", "POST", "/petitions/{petition_id}/mediations", any_of(&[HA, DE, DL, UR]), C, None, &[(ANY, &[Le, Rv])], false, true, "record a mediation"),
    row(Act::IssueOpinion, "issue_opinion", "PUT", "/petitions/{petition_id}/opinion", HA, CSA, None, &[(ANY, &[Le])], true, true, "issue the opinion"),
    row(Act::CorrectOpinion, "correct_opinion", "PUT", "/petitions/{petition_id}/opinion", DE, CSA, None, &[(ANY, &[Le])], true, true, "correct the opinion before delivery"),
    row(Act::Deliver, "deliver", "POST", "/petitions/{petition_id}/deliveries", DE, CSA, None, &[(ANY, &[Le, Ro, Rv])], true, true, "deliver the answer"),
    row(Act::SubmitReport, "submit_report", "PUT", "/petitions/{petition_id}/referrals/{referral_id}/report", any_of(&[DE, DL, UR, CL]), CSA, None, &[(ANY, &[Le])], true, true, "submit the closing report"),
    row(Act::RecordExecution, "record_execution", "PUT", "/petitions/{petition_id}/execution", any_of(&[DL, UR, CL]), CS, None, &[(ANY, &[Le])], true, true, "record the execution of an opinion"),
    row(Act::EvaluateOffice, "evaluate_office", "PUT", "/petitions/{petition_id}/evaluations/office", any_of(&[DL, CL]), CS, None, &[(ANY, &[Pe, Cb])], false, true, "evaluate the office"),
    row(Act::EvaluateUnit, "evaluate_unit", "PUT", "/petitions/{petition_id}/evaluations/unit", any_of(&[DL, CL]), CS, None, &[(ANY, &[Pe, Cb])], false, true, "evaluate the responsible unit"),
    row(Act::RequestReview, "request_review", "POST", "/petitions/{petition_id}/reviews", any_of(&[DL, CL]), C, None, &[(ANY, &[Pe, Wr])], true, true, "ask for a review"),
    row(Act::DecideReview, "decide_review", "PUT", "/petitions/{petition_id}/reviews/{review_id}/decision", UR, C, None, &[(ANY, &[Rv])], true, true, "decide a review"),
    row(Act::CloseOnTheSpot, "close", "POST", "/petitions/{petition_id}/closure", RG, CS, Some(ClosureReason::AnsweredOnTheSpot), &[(ANY, &[Ro, Oc])], true, true, "answer on the spot"),
    row(Act::CloseElsewhere, "close", "POST", "/petitions/{petition_id}/closure", RG, CSA, Some(ClosureReason::DirectedElsewhere), &[(ANY, &[Ro, Oc, Su])], true, true, "direct to another organ"),
    row(Act::CloseDiverted, "close", "POST", "/petitions/{petition_id}/closure", any_of(&[RG, RF, HA]), C, Some(ClosureReason::Diverted), &[(RG, &[Ro, Oc, Su]), (any_of(&[RF, HA]), &[Le])], true, true, "divert to another legal procedure"),
    row(Act::CloseNoLongerAccepted, "close", "POST", "/petitions/{petition_id}/closure", RG, C, Some(ClosureReason::NoLongerAccepted), &[(ANY, &[Ro, Oc, Su])], true, true, "refuse a terminated matter"),
    row(Act::CloseVoided, "close", "POST", "/petitions/{petition_id}/closure", RG, CSA, Some(ClosureReason::Voided), &[(ANY, &[Sv])], true, true, "void a mis-registration"),
    row(Act::CloseLinked, "close", "POST", "/petitions/{petition_id}/closure", RG, CSA, Some(ClosureReason::Linked), &[(ANY, &[Ro, Oc, Su])], true, true, "close as joined to another"),
    row(Act::CloseMediated, "close", "POST", "/petitions/{petition_id}/closure", any_of(&[HA, DE, DL, UR]), C, Some(ClosureReason::Mediated), &[(ANY, &[Le, Rv])], true, true, "close on an agreement"),
    row(Act::CloseFinal, "close", "POST", "/petitions/{petition_id}/closure", any_of(&[DE, DL]), CSA, Some(ClosureReason::Final), &[(ANY, &[Le, Ro, Sv])], true, true, "close for good"),
    row(Act::CloseDeceased, "close", "POST", "/petitions/{petition_id}/closure", OPEN, CS, Some(ClosureReason::DeceasedWithoutSuccessor), &[(ANY, &[Sv])], true, true, "close after a death"),
    row(Act::Withdraw, "withdraw", "POST", "/petitions/{petition_id}/withdrawal", any_of(&[RG, RF, HA, DE, UR]), CSA, None, &[(ANY, &[Pe, Wr])], true, true, "withdraw"),
    row(Act::Reopen, "reopen", "DELETE", "/petitions/{petition_id}/closure", CL, CSA, None, &[(ANY, &[Sv])], true, true, "reopen"),
    row(Act::ReportDeath, "report_death", "PUT", "/petitions/{petition_id}/parties/{party_id}/status", ANY, CSA, None, &[(ANY, &[Ro, Le, Sv])], true, true, "report a death or incapacity"),
    row(Act::AnswerHeirs, "answer_heirs", "PUT", "/petitions/{petition_id}/heirs-inquiry", OPEN, CSA, None, &[(ANY, &[Ro, Le, Sv])], true, true, "record what the heirs want"),
    row(Act::Supervise, "supervise", "POST", "/petitions/{petition_id}/supervisions", ANY, CSA, None, &[(ANY, &[Sv, Ld])], false, true, "open a supervision"),
    row(Act::ConfirmSupervision, "confirm_supervision", "PATCH", "/petitions/{petition_id}/supervisions/{supervision_id}", ANY, CSA, None, &[(ANY, &[Sv])], false, true, "confirm a proposed supervision"),
    row(Act::DismissSupervision, "dismiss_supervision", "PATCH", "/petitions/{petition_id}/supervisions/{supervision_id}", ANY, CSA, None, &[(ANY, &[Sv])], false, true, "dismiss a proposed supervision"),
    row(Act::AnswerSupervision, "answer_supervision", "PATCH", "/petitions/{petition_id}/supervisions/{supervision_id}", ANY, CSA, None, &[(ANY, &[Sd])], false, true, "answer a supervision"),
    row(Act::LiftSupervision, "lift_supervision", "PATCH", "/petitions/{petition_id}/supervisions/{supervision_id}", ANY, CSA, None, &[(ANY, &[Sv])], false, true, "lift a supervision"),
    row(Act::TakeCharge, "take_charge", "PUT", "/petitions/{petition_id}/leader-case", OPEN, CSA, None, &[(ANY, &[Ld, Sv])], true, true, "take charge as a leader"),
    row(Act::ReleaseCharge, "release_charge", "DELETE", "/petitions/{petition_id}/leader-case", ANY, CSA, None, &[(ANY, &[Ld, Sv])], true, true, "give up charge"),
    row(Act::Recuse, "recuse", "POST", "/petitions/{petition_id}/recusals", OPEN, CSA, None, &[(ANY, &[Me, Sv, Ld])], false, true, "recuse somebody"),
    row(Act::LiftRecusal, "lift_recusal", "DELETE", "/petitions/{petition_id}/recusals/{recusal_id}", OPEN, CSA, None, &[(ANY, &[Sv])], true, true, "lift a recusal"),
    row(Act::JoinPolicyIssue, "join_policy_issue", "PUT", "/petitions/{petition_id}/policy-issue", OPEN, CS, None, &[(ANY, &[Su, Le, Sv])], false, true, "join a policy issue"),
    row(Act::LeavePolicyIssue, "leave_policy_issue", "DELETE", "/petitions/{petition_id}/policy-issue", OPEN, CS, None, &[(ANY, &[Su, Le, Sv])], false, true, "leave a policy issue"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (i, row) in ACTS.iter().enumerate() {
            assert_eq!(row.act as usize, i, "{:?}", row.act);
        }
    }
}
