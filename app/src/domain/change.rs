//! What changed because of what people said: "You said / We did / Why / Who took part", or why not yet.
//!
//! Everyone reads it, so it names nobody who did not say so. No change goes out without its reason and who took
//! part, nor on the word of one person alone; what was said once is never written over, but put right by another.

use super::{
    id::{ChangeId, GroupId, StaffId},
    opportunity::Area,
    plan::{Values, value_of},
    text,
};
use serde::Serialize;

crate::words! {
    /// What came of what people said.
    pub enum ChangeKind {
        /// Something changed.
        Done "done",
        /// It could not be done so far, and people are told why.
        NotYet "not_yet",
    }
}

crate::words! {
    /// How far a change has come.
    pub enum ChangeState {
        /// It is being written.
        Draft "draft",
        /// A second person agreed with the words as they stand.
        Agreed "agreed",
        /// Everyone reads it.
        Published "published",
        /// Another one took its place. It is still read, with the way to that one.
        Superseded "superseded",
        /// Nobody reads it any more but those at the desk.
        TakenDown "taken_down",
    }
}

impl ChangeState {
    /// All of them, in the order in which they come.
    pub const ALL: [Self; 5] = [
        Self::Draft,
        Self::Agreed,
        Self::Published,
        Self::Superseded,
        Self::TakenDown,
    ];

    /// Whether everyone reads it.
    pub fn is_shown(self) -> bool {
        matches!(self, Self::Published | Self::Superseded)
    }

    /// Whether its words may still be changed. What was agreed before is to be agreed again then.
    pub fn may_edit(self) -> bool {
        matches!(self, Self::Draft | Self::Agreed)
    }
}

crate::words! {
    /// What a change came from.
    pub enum SourceKind {
        /// A decision about a suggestion for a document's words.
        Suggestion "suggestion",
        /// An opportunity that was reported back.
        Opportunity "opportunity",
        /// An experience that was answered.
        Experience "experience",
    }
}

/// The `change` record: one that everyone reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The kind of work.
    pub area: Area,
    /// What came of it.
    pub kind: ChangeKind,
    /// What people said.
    pub you_said: String,
    /// What was done; of what could not be done, what was done instead, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub we_did: Option<String>,
    /// The reason.
    pub why: String,
    /// Who took part.
    pub who_took_part: String,
    /// A day on which it is looked at again, `2027-03-01`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub look_again: Option<String>,
    /// The involvement group whose work it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// RFC 3339; since when everyone reads it.
    pub published_at: String,
    /// The one in whose place it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<ChangeId>,
    /// The one that stands in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<ChangeId>,
}

crate::reads_json!(Change {
    area,
    kind,
    you_said,
    we_did,
    why,
    who_took_part,
    look_again,
    group,
    published_at,
    replaces,
    replaced_by
});

crate::words! {
    /// A part that must not be empty.
    pub enum ChangePart {
        /// What people said.
        YouSaid "you_said",
        /// What was done.
        WeDid "we_did",
        /// The reason.
        Why "why",
        /// Who took part.
        WhoTookPart "who_took_part",
    }
}

/// What is written about a change, as a form has it. Empty means not said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePlan {
    /// The kind of work.
    pub area: Area,
    /// What came of it.
    pub kind: ChangeKind,
    /// What people said.
    pub you_said: String,
    /// What was done.
    pub we_did: String,
    /// The reason.
    pub why: String,
    /// Who took part.
    pub who_took_part: String,
    /// A day on which it is looked at again, `2027-03-01`.
    pub look_again: String,
    /// The involvement group whose work it is.
    pub group: Option<GroupId>,
}

impl ChangePlan {
    /// Nothing but the kind of work.
    pub fn new(area: Area, group: Option<GroupId>) -> Self {
        let nothing = |_: &str| String::new();
        Self {
            area,
            group,
            ..Self::read(nothing)
        }
    }

    /// From the values of its fields by their names.
    pub fn read(value: impl Fn(&str) -> String) -> Self {
        Self {
            area: Area::of_word(&value("area")).unwrap_or(Area::Other),
            kind: ChangeKind::of_word(&value("kind")).unwrap_or(ChangeKind::Done),
            you_said: value("you_said"),
            we_did: value("we_did"),
            why: value("why"),
            who_took_part: value("who_took_part"),
            look_again: value("look_again"),
            group: value("group").parse().ok(),
        }
    }

    /// From values that were put together.
    pub fn of_values(values: &Values) -> Self {
        Self::read(|name| value_of(values, name))
    }

    /// The values of all its fields by their names.
    pub fn values(&self) -> Values {
        let group = self.group.map(|group| group.to_string());
        let picked = [
            ("area", self.area.word().to_owned()),
            ("kind", self.kind.word().to_owned()),
            ("group", group.unwrap_or_default()),
            ("look_again", self.look_again.clone()),
        ];
        let texts = self.texts().into_iter();
        let texts = texts.map(|(name, words)| (name, words.to_owned()));
        picked.into_iter().chain(texts).collect()
    }

    /// Its texts, each with its name.
    pub fn texts(&self) -> [(&'static str, &str); 4] {
        [
            ("you_said", &self.you_said),
            ("we_did", &self.we_did),
            ("why", &self.why),
            ("who_took_part", &self.who_took_part),
        ]
    }

    /// The names of fields that cannot be kept: too long, with characters that cannot be, or no day.
    pub fn misfits(&self, is_day: impl Fn(&str) -> bool) -> Vec<&'static str> {
        let texts = self.texts().into_iter();
        let wrong = texts.filter(|(_, words)| !text::fits(Some(words), text::LONG));
        let day = self.look_again.trim();
        let no_day = !day.is_empty() && !is_day(day);
        let no_day = no_day.then_some("look_again");
        wrong.map(|(name, _)| name).chain(no_day).collect()
    }

    /// Which parts are still to be written before it may be agreed. What could not be done needs no more than the
    /// reason.
    pub fn missing(&self) -> Vec<ChangePart> {
        let needed = [
            (ChangePart::YouSaid, &self.you_said, true),
            (
                ChangePart::WeDid,
                &self.we_did,
                self.kind == ChangeKind::Done,
            ),
            (ChangePart::Why, &self.why, true),
            (ChangePart::WhoTookPart, &self.who_took_part, true),
        ];
        let empty = needed.into_iter();
        let empty = empty.filter(|(_, words, needed)| *needed && words.trim().is_empty());
        empty.map(|(part, ..)| part).collect()
    }

    /// What everyone reads of it, from this instant on.
    pub fn shown(&self, published_at: String) -> Change {
        let words = |words: &str| words.trim().to_owned();
        let maybe = |words: &str| text::tidy(Some(words.to_owned()));
        Change {
            area: self.area,
            kind: self.kind,
            you_said: words(&self.you_said),
            we_did: maybe(&self.we_did),
            why: words(&self.why),
            who_took_part: words(&self.who_took_part),
            look_again: maybe(&self.look_again),
            group: self.group,
            published_at,
            replaces: None,
            replaced_by: None,
        }
    }
}

crate::words! {
    /// What is done with a change at the desk.
    pub enum ChangeStep {
        /// A second person agrees with the words.
        Agree "agree",
        /// Everyone reads it from now on.
        Publish "publish",
        /// Nobody reads it any more.
        TakeDown "take_down",
    }
}

/// The state after a step; none if that step cannot be taken from there. That another one stands in its place comes
/// from that one's publishing alone.
pub fn after(state: ChangeState, step: ChangeStep) -> Option<ChangeState> {
    use ChangeState as S;
    match (state, step) {
        (S::Draft, ChangeStep::Agree) => Some(S::Agreed),
        (S::Agreed, ChangeStep::Publish) => Some(S::Published),
        (S::Published | S::Superseded, ChangeStep::TakeDown) => Some(S::TakenDown),
        _ => None,
    }
}

/// What holds a step up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotYet {
    /// It is not at a point from where this step can be taken.
    From(ChangeState),
    /// These parts are still empty.
    Missing(Vec<ChangePart>),
    /// Whoever wrote it last does not agree with themselves.
    OwnWords,
    /// Nobody has said why it is taken down.
    SayWhy,
}

/// What a step goes by, beside the state.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What is written.
    pub plan: &'a ChangePlan,
    /// Who wrote it last; none where nobody at the desk did.
    pub writer: Option<StaffId>,
    /// Who takes the step.
    pub by: StaffId,
    /// Why it is taken down.
    pub reason: Option<&'a str>,
}

/// Takes a step.
///
/// # Errors
/// [`NotYet`]: what is to be done first.
pub fn take(state: ChangeState, step: ChangeStep, facts: Facts) -> Result<ChangeState, NotYet> {
    let next = after(state, step).ok_or(NotYet::From(state))?;
    match step {
        ChangeStep::Agree | ChangeStep::Publish => {
            let missing = facts.plan.missing();
            if !missing.is_empty() {
                return Err(NotYet::Missing(missing));
            }
        }
        ChangeStep::TakeDown if facts.reason.is_none() => return Err(NotYet::SayWhy),
        ChangeStep::TakeDown => {}
    }
    if step == ChangeStep::Agree && facts.writer == Some(facts.by) {
        return Err(NotYet::OwnWords);
    }
    Ok(next)
}

/// The beginning of what somebody wrote: its first line, cut between two words where it is longer than `most`
/// characters. What is cut ends with "…".
pub fn brief(words: &str, most: usize) -> String {
    let words = words.trim();
    let line = words.lines().next().unwrap_or_default().trim_end();
    let is_all = line.len() == words.len();
    let Some((end, _)) = line.char_indices().nth(most) else {
        return match is_all {
            true => line.to_owned(),
            false => [line, " …"].concat(),
        };
    };
    let cut = &line[..end];
    let cut = cut.rfind(char::is_whitespace).map_or(cut, |at| &cut[..at]);
    [cut.trim_end(), "…"].concat()
}

#[cfg(test)]
mod tests;
