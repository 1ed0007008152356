//! How staff run an opportunity: which step may follow which, and what each asks for first. The server alone runs
//! it; phones are told what came of it.

use super::{
    opportunity::OpportunityState,
    plan::{Part, Plan},
};

crate::words! {
    /// What staff do with an opportunity.
    pub enum Step {
        /// Members can see it and sign up: for the first time, or again after a pause.
        Publish "publish",
        /// What was changed since is shown to members.
        Change "change",
        /// It takes nobody for now.
        Pause "pause",
        /// It is over.
        Close "close",
        /// Members are told what came of it.
        ReportBack "report_back",
        /// It is put away.
        Archive "archive",
        /// It is called off.
        Cancel "cancel",
    }
}

impl Step {
    /// All of them, in the order in which they come.
    pub const ALL: [Self; 7] = [
        Self::Publish,
        Self::Change,
        Self::Pause,
        Self::Close,
        Self::ReportBack,
        Self::Archive,
        Self::Cancel,
    ];
}

/// The state after a step; none if that step cannot be taken from there.
pub fn after(state: OpportunityState, step: Step) -> Option<OpportunityState> {
    use OpportunityState as S;
    match (state, step) {
        (S::Draft | S::Paused, Step::Publish) => Some(S::Published),
        (S::Published | S::Paused, Step::Change) => Some(state),
        (S::Published, Step::Pause) => Some(S::Paused),
        (S::Published | S::Paused, Step::Close) => Some(S::Closed),
        // What was said once may be put right.
        (S::Closed | S::ReportedBack, Step::ReportBack) => Some(S::ReportedBack),
        (S::ReportedBack, Step::Archive) => Some(S::Archived),
        (S::Published | S::Paused, Step::Cancel) => Some(S::Cancelled),
        _ => None,
    }
}

/// What holds a step up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Not {
    /// It is not at a point from where this step can be taken.
    From(OpportunityState),
    /// These parts are still empty.
    Missing(Vec<Part>),
    /// So many of its sessions are still to come.
    ToCome(usize),
    /// Nobody has said what came of it, or why it is called off.
    SayMore,
}

/// What a step goes by, beside the state.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// What is written about it: it must be whole to be shown.
    pub plan: Option<&'a Plan>,
    /// How many of its sessions are still to come.
    pub to_come: usize,
    /// What came of it, or why it is called off.
    pub words: Option<&'a str>,
}

/// Takes a step.
///
/// # Errors
/// [`Not`]: what is to be done first.
pub fn take(state: OpportunityState, step: Step, facts: Facts) -> Result<OpportunityState, Not> {
    let next = after(state, step).ok_or(Not::From(state))?;
    match step {
        Step::Publish | Step::Change => {
            let missing = facts.plan.map(Plan::missing).unwrap_or_default();
            if !missing.is_empty() {
                return Err(Not::Missing(missing));
            }
        }
        Step::Close if facts.to_come > 0 => return Err(Not::ToCome(facts.to_come)),
        Step::ReportBack | Step::Cancel if facts.words.is_none() => return Err(Not::SayMore),
        _ => {}
    }
    Ok(next)
}

/// Whether what is written about it can still be changed.
pub fn may_edit(state: OpportunityState) -> bool {
    matches!(
        state,
        OpportunityState::Draft | OpportunityState::Published | OpportunityState::Paused
    )
}

/// Whether members know of it.
pub fn is_shown(state: OpportunityState) -> bool {
    state != OpportunityState::Draft
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::opportunity::Area;
    use OpportunityState as S;

    fn whole() -> Plan {
        Plan {
            purpose: "So that letters are kind".into(),
            what_happens: "We read two".into(),
            what_next: "They change".into(),
            ..Plan::new(Area::Wording, "Letters".into())
        }
    }

    #[test]
    fn every_pair_of_state_and_step_leads_where_the_product_says_and_nowhere_else() {
        let may = [
            (S::Draft, Step::Publish, S::Published),
            (S::Published, Step::Change, S::Published),
            (S::Published, Step::Pause, S::Paused),
            (S::Published, Step::Close, S::Closed),
            (S::Published, Step::Cancel, S::Cancelled),
            (S::Paused, Step::Publish, S::Published),
            (S::Paused, Step::Change, S::Paused),
            (S::Paused, Step::Close, S::Closed),
            (S::Paused, Step::Cancel, S::Cancelled),
            (S::Closed, Step::ReportBack, S::ReportedBack),
            (S::ReportedBack, Step::ReportBack, S::ReportedBack),
            (S::ReportedBack, Step::Archive, S::Archived),
        ];
        let plan = whole();
        let facts = Facts {
            plan: Some(&plan),
            to_come: 0,
            words: Some("It rained"),
        };
        for state in S::ALL {
            for step in Step::ALL {
                let found = may
                    .iter()
                    .find(|(from, by, _)| (*from, *by) == (state, step));
                let expected = found.map(|(.., to)| *to);
                assert_eq!(after(state, step), expected, "{state:?}, {step:?}");
                let taken = take(state, step, facts);
                assert_eq!(
                    taken,
                    expected.ok_or(Not::From(state)),
                    "{state:?}, {step:?}"
                );
            }
        }
    }

    #[test]
    fn nothing_is_shown_before_it_says_why_what_happens_and_what_happens_next() {
        let mut plan = Plan::new(Area::Other, " ".into());
        let step = |plan: &Plan| {
            let facts = Facts {
                plan: Some(plan),
                ..Facts::default()
            };
            take(S::Draft, Step::Publish, facts)
        };
        let all = vec![
            Part::Title,
            Part::Purpose,
            Part::WhatHappens,
            Part::WhatNext,
        ];
        assert_eq!(step(&plan), Err(Not::Missing(all)));
        plan = Plan {
            what_next: String::new(),
            ..whole()
        };
        assert_eq!(step(&plan), Err(Not::Missing(vec![Part::WhatNext])));
        assert_eq!(step(&whole()), Ok(S::Published));
        plan = Plan {
            comment_only: true,
            ..whole()
        };
        assert_eq!(step(&plan), Err(Not::Missing(vec![Part::Contact])));
    }

    #[test]
    fn it_is_not_over_while_people_are_expected_and_not_reported_back_in_silence() {
        let facts = Facts {
            to_come: 2,
            ..Facts::default()
        };
        assert_eq!(take(S::Published, Step::Close, facts), Err(Not::ToCome(2)));
        for (state, step) in [
            (S::Closed, Step::ReportBack),
            (S::ReportedBack, Step::ReportBack),
            (S::Published, Step::Cancel),
        ] {
            assert_eq!(take(state, step, Facts::default()), Err(Not::SayMore));
        }
        assert!(
            take(
                S::Paused,
                Step::Cancel,
                Facts {
                    words: Some("It rained"),
                    ..facts
                }
            )
            .is_ok()
        );
    }
}
