//! Change notes: how staff learn what changed in the organisation's words, and why, from the people who changed it.
//!
//! A note is approved by the group whose work it is before anyone is asked to read it. It comes in editions: what
//! somebody read stays read until an edition comes that matters enough to be read again. Nobody is scored.

use super::{
    id::GroupId,
    plan::{Values, value_of},
    text,
};

crate::words! {
    /// How far an edition of a note has come.
    pub enum NoteState {
        /// It is being written.
        Draft "draft",
        /// The group said that it tells what they meant.
        Approved "approved",
        /// Staff read it.
        Published "published",
        /// A newer edition took its place.
        Superseded "superseded",
    }
}

impl NoteState {
    /// All of them, in the order in which they come.
    pub const ALL: [Self; 4] = [
        Self::Draft,
        Self::Approved,
        Self::Published,
        Self::Superseded,
    ];

    /// Whether its words may still be changed. What was approved before is to be approved again then.
    pub fn may_edit(self) -> bool {
        matches!(self, Self::Draft | Self::Approved)
    }
}

crate::words! {
    /// A part that must be there before the group can approve.
    pub enum NotePart {
        /// How it is said now.
        NewWords "new_words",
        /// Why, in members' words.
        Why "why",
        /// What staff do differently.
        Differently "differently",
        /// The group whose work it is.
        Group "group",
    }
}

/// What is written in a note, as a form has it. Empty means not said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotePlan {
    /// The group whose work it is, that approves it and is named.
    pub group: Option<GroupId>,
    /// How it was said before.
    pub old_words: String,
    /// How it is said now.
    pub new_words: String,
    /// Why, in members' words, with their yes.
    pub why: String,
    /// What staff do differently.
    pub differently: String,
    /// From when, `2027-03-01`; none: at once.
    pub from_day: String,
    /// Something to think about. No answer is asked for.
    pub question: String,
    /// Whether everyone is asked to read it, also who read an edition before.
    pub significant: bool,
}

impl NotePlan {
    /// From the values of its fields by their names.
    pub fn read(value: impl Fn(&str) -> String) -> Self {
        Self {
            group: value("group").parse().ok(),
            old_words: value("old_words"),
            new_words: value("new_words"),
            why: value("why"),
            differently: value("differently"),
            from_day: value("from_day"),
            question: value("question"),
            significant: !value("significant").is_empty(),
        }
    }

    /// Nothing but the group.
    pub fn new(group: Option<GroupId>) -> Self {
        Self {
            group,
            ..Self::read(|_| String::new())
        }
    }

    /// From values that were put together.
    pub fn of_values(values: &Values) -> Self {
        Self::read(|name| value_of(values, name))
    }

    /// The values of all its fields by their names.
    pub fn values(&self) -> Values {
        let group = self.group.map(|group| group.to_string());
        let significant = if self.significant { "yes" } else { "" };
        let picked = [
            ("group", group.unwrap_or_default()),
            ("from_day", self.from_day.clone()),
            ("significant", significant.to_owned()),
        ];
        let texts = self.texts().into_iter();
        let texts = texts.map(|(name, words)| (name, words.to_owned()));
        picked.into_iter().chain(texts).collect()
    }

    /// Its texts, each with its name.
    pub fn texts(&self) -> [(&'static str, &str); 5] {
        [
            ("old_words", &self.old_words),
            ("new_words", &self.new_words),
            ("why", &self.why),
            ("differently", &self.differently),
            ("question", &self.question),
        ]
    }

    /// The names of fields that cannot be kept: too long, with characters that cannot be, or no day.
    pub fn misfits(&self, is_day: impl Fn(&str) -> bool) -> Vec<&'static str> {
        let texts = self.texts().into_iter();
        let wrong = texts.filter(|(_, words)| !text::fits(Some(words), text::LONG));
        let day = self.from_day.trim();
        let no_day = (!day.is_empty() && !is_day(day)).then_some("from_day");
        wrong.map(|(name, _)| name).chain(no_day).collect()
    }

    /// Which parts are still to be written before the group can approve.
    pub fn missing(&self) -> Vec<NotePart> {
        let is_empty = |words: &str| words.trim().is_empty();
        let needed = [
            (NotePart::NewWords, is_empty(&self.new_words)),
            (NotePart::Why, is_empty(&self.why)),
            (NotePart::Differently, is_empty(&self.differently)),
            (NotePart::Group, self.group.is_none()),
        ];
        let empty = needed.into_iter().filter(|(_, is_empty)| *is_empty);
        empty.map(|(part, _)| part).collect()
    }
}

crate::words! {
    /// What is done with a note at the desk.
    pub enum NoteStep {
        /// The group says that it tells what they meant.
        Approve "approve",
        /// Staff read it from now on.
        Publish "publish",
    }
}

crate::words! {
    /// Whether staff see a training.
    pub enum TrainingState {
        /// It is being made.
        Draft "draft",
        /// The group said yes to it.
        Published "published",
    }
}

/// What holds a step up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotYet {
    /// It is not at a point from where this step can be taken.
    From(NoteState),
    /// These parts are still empty.
    Missing(Vec<NotePart>),
    /// Only who leads the group speaks for it.
    NotTheGroup,
}

/// Takes a step. `leads` says whether whoever takes it leads the group whose work it is.
///
/// # Errors
/// [`NotYet`]: what is to be done first.
pub fn take(
    state: NoteState,
    step: NoteStep,
    plan: &NotePlan,
    leads: bool,
) -> Result<NoteState, NotYet> {
    let next = match (state, step) {
        (NoteState::Draft, NoteStep::Approve) => NoteState::Approved,
        (NoteState::Approved, NoteStep::Publish) => NoteState::Published,
        _ => return Err(NotYet::From(state)),
    };
    let missing = plan.missing();
    if !missing.is_empty() {
        return Err(NotYet::Missing(missing));
    }
    if step == NoteStep::Approve && !leads {
        return Err(NotYet::NotTheGroup);
    }
    Ok(next)
}

/// From which edition on somebody has read enough, once `edition` is published: itself where it matters, else the one
/// that mattered last; 0 where none ever did, so that nobody is asked.
pub fn asks_since(edition: u32, significant: bool, before: u32) -> u32 {
    if significant { edition } else { before }
}

/// Whether somebody has read what they are asked to.
pub fn has_read(read: Option<u32>, asks_since: u32) -> bool {
    read.unwrap_or_default() >= asks_since
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn whole() -> NotePlan {
        NotePlan {
            old_words: "Goals".into(),
            new_words: "Small steps".into(),
            why: "It weighed on us".into(),
            differently: "Ask what would help".into(),
            ..NotePlan::new(Some(GroupId(Uuid::from_u128(1))))
        }
    }

    #[test]
    fn the_group_approves_before_anyone_reads() {
        use NoteState as S;
        let plan = whole();
        for state in S::ALL {
            for step in [NoteStep::Approve, NoteStep::Publish] {
                let wanted = match (state, step) {
                    (S::Draft, NoteStep::Approve) => Ok(S::Approved),
                    (S::Approved, NoteStep::Publish) => Ok(S::Published),
                    _ => Err(NotYet::From(state)),
                };
                assert_eq!(
                    take(state, step, &plan, true),
                    wanted,
                    "{state:?}, {step:?}"
                );
            }
        }
        let other = take(S::Draft, NoteStep::Approve, &plan, false);
        assert_eq!(other, Err(NotYet::NotTheGroup));
        // What the group approved, anyone who runs it may publish.
        assert!(take(S::Approved, NoteStep::Publish, &plan, false).is_ok());
    }

    #[test]
    fn nothing_is_approved_without_its_reason_and_its_group() {
        let all = vec![
            NotePart::NewWords,
            NotePart::Why,
            NotePart::Differently,
            NotePart::Group,
        ];
        let empty = NotePlan::new(None);
        let taken = take(NoteState::Draft, NoteStep::Approve, &empty, true);
        assert_eq!(taken, Err(NotYet::Missing(all)));
    }

    #[test]
    fn only_an_edition_that_matters_is_read_again() {
        let first = asks_since(1, true, 0);
        assert!(!has_read(None, first) && has_read(Some(1), first));
        let small = asks_since(2, false, first);
        assert!(has_read(Some(1), small) && !has_read(None, small));
        let matters = asks_since(3, true, small);
        assert!(!has_read(Some(2), matters) && has_read(Some(3), matters));
        // Where none ever mattered, nobody is asked.
        assert!(has_read(None, asks_since(1, false, 0)));
    }

    #[test]
    fn a_form_gives_back_what_was_typed() {
        let plan = NotePlan {
            from_day: "2027-03-01".into(),
            question: "When did a form last weigh on you?".into(),
            significant: true,
            ..whole()
        };
        assert_eq!(NotePlan::of_values(&plan.values()), plan);
        assert_eq!(plan.misfits(|_| false), ["from_day"]);
    }
}
