//! The model's involvement group and the document that it works on.

use super::Model;
use crate::simulation::{
    chance::Chance,
    mutation::Mutation,
    server::{DOCUMENT, GROUP, VERSIONS, document, phrases, words_of},
};
use app::domain::{
    group::{
        self, Belongs, GroupState, InGroup, KnownMessage, KnownPerson, Membership, Message,
        MessageState, Person, Stands,
    },
    id::{MemberId, PersonId, SuggestionId},
    plain::Plain,
    record::kind,
    refusal::Refusal,
    time::{Millis, rfc3339},
    words::{
        DocumentState,
        suggestion::{
            self, GroupSuggestion, Known, KnownDocument, Says, Send, Standing, Suggestion,
            SuggestionState,
        },
    },
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The scope of what the group's people read.
pub fn group_scope() -> String {
    format!("group:{GROUP}")
}

/// What is kept of the group and of its document.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    people: BTreeMap<MemberId, KnownPerson>,
    messages: BTreeMap<Uuid, (MemberId, Message)>,
    suggestions: BTreeMap<SuggestionId, (Known, Suggestion)>,
    /// What was taken back before it came.
    marks: BTreeSet<(MemberId, Uuid)>,
    /// Of the document, less one.
    versions: u32,
}

impl Model {
    /// Whether a member belongs to the group.
    pub(super) fn is_in_group(&self, member: MemberId) -> bool {
        let me = self.kept.group.people.get(&member);
        me.is_some_and(|me| me.belongs == Belongs::In)
    }

    /// Whether its scope is told to a member.
    pub(super) fn reads_group(&self, member: MemberId) -> bool {
        self.is_in_group(member)
            || (self.is(Mutation::ServerTellsWhoLeft)
                && self.kept.group.people.contains_key(&member))
    }

    fn version(&self) -> u32 {
        1 + self.kept.group.versions
    }

    /// The next version of the document, or the first.
    pub(super) fn write_document(&mut self) {
        let record = document(self.version());
        self.write(
            "public",
            kind::DOCUMENT,
            &DOCUMENT.to_string(),
            Some(&record),
        );
    }

    /// Staff publish another version, or give the group something that was said.
    pub(super) fn staff_words(&mut self, chance: &mut Chance) {
        if chance.one_in(2) && self.version() < VERSIONS {
            self.kept.group.versions += 1;
            return self.write_document();
        }
        let ids: Vec<_> = self.kept.group.suggestions.keys().copied().collect();
        let Some(id) = chance.pick(&ids).copied() else {
            return;
        };
        let Some((known, said)) = self.kept.group.suggestions.get_mut(&id) else {
            return;
        };
        if let Some(state) = suggestion::after(said.state, suggestion::Step::Give) {
            (known.state, said.state, known.is_given) = (state, state, true);
            self.write_suggestion(id);
        }
    }

    /// Something that a member does in the group, or says about the document.
    pub(super) fn plain(
        &mut self,
        now: Millis,
        member: MemberId,
        it: &Plain,
    ) -> Result<(), Refusal> {
        if let Some(act) = InGroup::of(it) {
            return self.in_group(now, member, &act);
        }
        let says = Says::of(it).ok_or(Refusal::Malformed)?;
        self.says(now, member, &says)
    }

    fn stands(&self, member: MemberId) -> Stands {
        Stands {
            state: GroupState::Open,
            agreement: 1,
            me: self.kept.group.people.get(&member).copied(),
        }
    }

    fn in_group(&mut self, now: Millis, member: MemberId, act: &InGroup) -> Result<(), Refusal> {
        let here = act.group == GROUP;
        let id = act.message.unwrap_or_default();
        let known = self.known_message(member, id);
        let stands = here.then(|| self.stands(member));
        match group::decide(member, act, stands, known, false)? {
            group::Change::Joins => {
                let back = self.kept.group.people.get(&member).map(|me| me.id);
                self.kept.counter += 1;
                let new = PersonId(Uuid::from_u128(0x9e50 + u128::from(self.kept.counter)));
                let me = KnownPerson {
                    id: back.unwrap_or(new),
                    belongs: Belongs::In,
                    agreement: 1,
                    leads: false,
                    paused: false,
                };
                self.kept.group.people.insert(member, me);
                self.write_person(now, member);
            }
            group::Change::Leaves => self.leave_group(now, member),
            group::Change::Adds => {
                let message = Message {
                    group: GROUP,
                    person: self.kept.group.people.get(&member).map(|me| me.id),
                    staff: None,
                    words: act.words.clone(),
                    at: Some(rfc3339(now)),
                    state: MessageState::Shown,
                    why: None,
                    marked: None,
                };
                self.kept.group.messages.insert(id, (member, message));
                self.write_message(id);
            }
            group::Change::TakesBack => self.take_message_back(id),
            group::Change::Mark => {
                self.kept.group.marks.insert((member, id));
            }
            _ => {}
        }
        Ok(())
    }

    fn known_message(&self, member: MemberId, id: Uuid) -> Option<KnownMessage> {
        let known = |member, state| KnownMessage {
            group: GROUP,
            member: Some(member),
            state,
        };
        let message = self.kept.group.messages.get(&id);
        let marked = self.kept.group.marks.contains(&(member, id));
        message
            .map(|(whose, message)| known(*whose, message.state))
            .or(marked.then(|| known(member, MessageState::TakenBack)))
    }

    fn take_message_back(&mut self, id: Uuid) {
        let keeps = self.is(Mutation::ServerKeepsWhatWasTakenBack);
        if let Some((_, message)) = self.kept.group.messages.get_mut(&id).filter(|_| !keeps) {
            message.words = None;
            message.state = MessageState::TakenBack;
            self.write_message(id);
        }
    }

    fn leave_group(&mut self, now: Millis, member: MemberId) {
        if let Some(me) = self.kept.group.people.get_mut(&member) {
            me.belongs = Belongs::Left;
            self.write_person(now, member);
        }
    }

    /// All that a member wrote for the group goes, and they with it.
    pub(super) fn goes_from_group(&mut self, now: Millis, member: MemberId) -> Result<(), Refusal> {
        let messages = self.kept.group.messages.iter();
        let wrote: Vec<_> = messages
            .filter(|(_, (whose, _))| *whose == member)
            .map(|(id, _)| *id)
            .collect();
        for id in wrote {
            self.take_message_back(id);
        }
        let suggestions = self.kept.group.suggestions.iter();
        let said: Vec<_> = suggestions
            .filter(|(_, (known, _))| known.member == member)
            .map(|(id, _)| *id)
            .collect();
        for id in said {
            self.says(now, member, &Says::Withdraw(id))?;
        }
        if self.is_in_group(member) {
            self.leave_group(now, member);
        }
        Ok(())
    }

    fn write_person(&mut self, now: Millis, member: MemberId) {
        let Some(me) = self.kept.group.people.get(&member).copied() else {
            return;
        };
        let inside = me.belongs == Belongs::In;
        let membership = Membership {
            person: Some(me.id),
            agreement: 1,
            since: Some(rfc3339(now)),
            leads: false,
            paused: None,
            state: None,
        };
        let person = Person {
            group: GROUP,
            name: self.kept.names.get(&member).cloned().flatten(),
            leads: false,
        };
        let (scope, id) = (format!("member:{member}"), GROUP.to_string());
        self.write(&scope, kind::MEMBERSHIP, &id, inside.then_some(&membership));
        let id = me.id.to_string();
        self.write(
            &group_scope(),
            kind::GROUP_PERSON,
            &id,
            inside.then_some(&person),
        );
    }

    fn write_message(&mut self, id: Uuid) {
        let message = self.kept.group.messages.get(&id);
        let message = message.map(|(_, message)| message.clone());
        self.write(
            &group_scope(),
            kind::GROUP_MESSAGE,
            &id.to_string(),
            message.as_ref(),
        );
    }

    fn says(&mut self, now: Millis, member: MemberId, it: &Says) -> Result<(), Refusal> {
        let id = it.suggestion();
        let withdrawn = Known {
            member,
            state: SuggestionState::Withdrawn,
            group: None,
            is_given: false,
        };
        let kept = self
            .kept
            .group
            .suggestions
            .get(&id)
            .map(|(known, _)| *known);
        let marked = self.kept.group.marks.contains(&(member, id.0));
        let mut here = Standing {
            suggestion: kept.or(marked.then_some(withdrawn)),
            group: Some(self.stands(member)),
            ..Standing::default()
        };
        if let Says::Send(send) = it {
            here.document = (send.document == DOCUMENT).then_some(KnownDocument {
                state: DocumentState::Open,
                group: Some(GROUP),
                only_group: false,
            });
            here.has_phrase = self.was(send).is_some();
        }
        match (it, suggestion::decide(member, it, &here)?) {
            (Says::Send(send), suggestion::Change::Adds) => self.add_suggestion(now, member, send),
            (_, suggestion::Change::Withdraws) => {
                if let Some((known, said)) = self.kept.group.suggestions.get_mut(&id) {
                    known.state = SuggestionState::Withdrawn;
                    (said.state, said.shown_as) = (SuggestionState::Withdrawn, None);
                    (said.was, said.feels) = (None, None);
                    self.write_suggestion(id);
                }
            }
            (_, suggestion::Change::Mark) => {
                self.kept.group.marks.insert((member, id.0));
            }
            _ => {}
        }
        Ok(())
    }

    /// The phrase in the version that was read.
    fn was(&self, send: &Send) -> Option<String> {
        let known = (1..=self.version()).contains(&send.version);
        let all = known.then(|| phrases(send.version))?;
        let phrase = all.into_iter().find(|one| one.id == send.phrase)?;
        let moved = self.is(Mutation::ServerMovesOldWords);
        let now = moved
            .then(|| words_of(send.phrase, self.version()))
            .flatten();
        Some(now.unwrap_or(phrase.text))
    }

    fn add_suggestion(&mut self, now: Millis, member: MemberId, send: &Send) {
        let known = Known {
            member,
            state: SuggestionState::Received,
            group: Some(GROUP),
            is_given: false,
        };
        let said = Suggestion {
            document: DOCUMENT,
            phrase: send.phrase,
            version: send.version,
            was: self.was(send),
            feels: send.feels.clone(),
            instead: None,
            why: None,
            shown_as: Some(send.shown_as),
            state: SuggestionState::Received,
            decision: None,
            after: None,
            received_at: Some(rfc3339(now)),
        };
        self.kept
            .group
            .suggestions
            .insert(send.suggestion, (known, said));
        self.write_suggestion(send.suggestion);
    }

    /// Tells its writer how it stands, and its group once that was given it.
    fn write_suggestion(&mut self, id: SuggestionId) {
        let Some((known, said)) = self.kept.group.suggestions.get(&id).cloned() else {
            return;
        };
        let scope = format!("member:{}", known.member);
        self.write(&scope, kind::SUGGESTION, &id.to_string(), Some(&said));
        if !known.is_given {
            return;
        }
        let stands = known.state != SuggestionState::Withdrawn;
        let told = GroupSuggestion {
            group: GROUP,
            document: DOCUMENT,
            phrase: said.phrase,
            was: said.was.unwrap_or_default(),
            feels: said.feels,
            instead: None,
            why: None,
            who: None,
            proposed: None,
            state: said.state,
            decision: None,
            supports: 0,
            at: said.received_at.unwrap_or_default(),
        };
        let (scope, id) = (group_scope(), id.to_string());
        self.write(&scope, kind::GROUP_SUGGESTION, &id, stands.then_some(&told));
    }
}
