//! What members say about the words of documents: loaded with their other commands, decided by
//! `app::domain::words::suggestion`, and written one by one, in order: there are few of them.

use super::groups::{self, Groups};
use crate::{
    db::{
        groups::people,
        withdrawn,
        words::{self, suggestions, voices},
    },
    error::Error,
    state::Arrival,
};
use app::domain::{
    id::{DocumentId, GroupId, MemberId, PersonId, PhraseId, SuggestionId},
    record::kind,
    refusal::Refusal,
    time::Millis,
    words::suggestion::{
        Change, CommentState, Known, KnownComment, KnownDocument, Says, Send, Standing,
        SuggestionState, decide,
    },
};
use sqlx::AnyConnection;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What is to be loaded for what members say about words.
#[derive(Debug, Default)]
pub struct Wanted {
    suggestions: HashSet<SuggestionId>,
    comments: HashSet<Uuid>,
    read: HashSet<(DocumentId, u32)>,
    members: HashSet<MemberId>,
}

impl Wanted {
    /// What something that `member` says touches.
    pub fn add(&mut self, member: MemberId, it: &Says) {
        self.members.insert(member);
        self.suggestions.insert(it.suggestion());
        match it {
            Says::Send(it) => {
                self.read.insert((it.document, it.version));
            }
            Says::Comment(_, id, _) | Says::TakeBackComment(_, id) => {
                self.comments.insert(*id);
            }
            Says::Withdraw(_) | Says::Support(_) | Says::Unsupport(_) => {}
        }
    }
}

/// Documents and what was said, as loaded, with what was decided so far.
#[derive(Debug, Default)]
pub struct Words {
    documents: HashMap<DocumentId, KnownDocument>,
    /// The phrases of the versions that were read.
    phrases: HashMap<(DocumentId, u32), HashMap<PhraseId, String>>,
    suggestions: HashMap<SuggestionId, Known>,
    comments: HashMap<Uuid, KnownComment>,
    changes: Vec<(MemberId, Says, Change)>,
}

impl Words {
    /// Loads what is wanted, and adds which groups are to be loaded for it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load(
        connection: &mut AnyConnection,
        wanted: Wanted,
        groups: &mut groups::Wanted,
    ) -> Result<Self, Error> {
        let mut loaded = Self::default();
        let mut at_work = HashSet::new();
        for (id, version) in wanted.read {
            let Some(row) = words::find(&mut *connection, id).await? else {
                continue;
            };
            at_work.extend(row.details.group);
            loaded.documents.insert(id, row.known());
            let phrases = words::version(&mut *connection, id, version).await?;
            let phrases = phrases.unwrap_or_default().into_iter();
            let phrases = phrases.map(|phrase| (phrase.id, phrase.text)).collect();
            loaded.phrases.insert((id, version), phrases);
        }
        for id in wanted.suggestions {
            if let Some(row) = suggestions::find(&mut *connection, id).await? {
                at_work.extend(row.group);
                loaded.suggestions.insert(id, row.known());
            }
        }
        for id in wanted.comments {
            if let Some(row) = voices::comment(&mut *connection, id).await? {
                loaded.comments.insert(id, row.known());
            }
        }
        for group in at_work {
            for member in &wanted.members {
                groups.add_member(group, *member);
            }
        }
        Ok(loaded)
    }

    /// Runs the rules for one thing that is said, and notes what they changed. `is_marked`: the member took it back
    /// before it came.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn decide(
        &mut self,
        groups: &Groups,
        member: MemberId,
        it: &Says,
        is_marked: impl Fn(&'static str, Uuid) -> bool,
    ) -> Result<(), Refusal> {
        let mut here = Standing::default();
        let id = it.suggestion();
        let withdrawn = Known {
            member,
            state: SuggestionState::Withdrawn,
            group: None,
            is_given: false,
        };
        let mark = is_marked(kind::SUGGESTION, id.0).then_some(withdrawn);
        here.suggestion = self.suggestions.get(&id).copied().or(mark);
        if let Says::Send(it) = it {
            here.document = self.documents.get(&it.document).copied();
            here.has_phrase = self.was(it).is_some();
        }
        if let Says::Comment(_, id, _) | Says::TakeBackComment(_, id) = it {
            let taken_back = KnownComment {
                member,
                state: CommentState::TakenBack,
            };
            let mark = is_marked(kind::SUGGESTION_COMMENT, *id).then_some(taken_back);
            here.comment = self.comments.get(id).copied().or(mark);
        }
        let group = self.group_of(&here);
        here.group = group.and_then(|group| groups.stands(group, member));
        let change = decide(member, it, &here)?;
        if change != Change::Nothing {
            self.note(member, it, change);
            self.changes.push((member, it.clone(), change));
        }
        Ok(())
    }

    /// The group that works on what something is about.
    fn group_of(&self, here: &Standing) -> Option<GroupId> {
        let document = here.document.and_then(|document| document.group);
        document.or(here.suggestion.and_then(|known| known.group))
    }

    /// The phrase as the version had it which was read.
    fn was(&self, it: &Send) -> Option<&String> {
        self.phrases
            .get(&(it.document, it.version))?
            .get(&it.phrase)
    }

    /// What comes after in the same group of commands is decided with this.
    fn note(&mut self, member: MemberId, it: &Says, change: Change) {
        let id = it.suggestion();
        match (it, change) {
            (Says::Send(it), Change::Adds) => {
                let document = self.documents.get(&it.document);
                let known = Known {
                    member,
                    state: SuggestionState::Received,
                    group: document.and_then(|document| document.group),
                    is_given: false,
                };
                self.suggestions.insert(id, known);
            }
            (_, Change::Withdraws | Change::Mark) => {
                let known = self.suggestions.entry(id).or_insert(Known {
                    member,
                    state: SuggestionState::Withdrawn,
                    group: None,
                    is_given: false,
                });
                known.state = SuggestionState::Withdrawn;
            }
            (Says::Comment(_, id, _) | Says::TakeBackComment(_, id), change) => {
                let state = match change {
                    Change::Comments => CommentState::Shown,
                    _ => CommentState::TakenBack,
                };
                self.comments.insert(*id, KnownComment { member, state });
            }
            _ => {}
        }
    }

    /// Writes all that was decided; says what the desk should look at again.
    ///
    /// # Errors
    /// What the database says.
    pub async fn write(
        mut self,
        transaction: &mut AnyConnection,
        now: Millis,
    ) -> Result<Vec<Arrival>, Error> {
        let mut arrivals = Vec::new();
        for (member, it, change) in std::mem::take(&mut self.changes) {
            let known = self.suggestions.get(&it.suggestion());
            arrivals.push(Arrival::Words(known.and_then(|known| known.group)));
            self.write_one(&mut *transaction, member, &it, change, now)
                .await?;
        }
        Ok(arrivals)
    }

    async fn write_one(
        &self,
        tx: &mut AnyConnection,
        member: MemberId,
        it: &Says,
        change: Change,
        now: Millis,
    ) -> Result<(), Error> {
        let id = it.suggestion();
        match (it, change) {
            (Says::Send(it), Change::Adds) => {
                let was = self.was(it).map_or(it.was.as_str(), String::as_str);
                suggestions::add(tx, member, it, was, now).await
            }
            (_, Change::Withdraws) => suggestions::withdraw(tx, id, now).await,
            (_, Change::Mark) => {
                let mark = (member, kind::SUGGESTION, id.0);
                withdrawn::write(tx, &[mark], now).await
            }
            (_, Change::Supports) => {
                let person = self.person(&mut *tx, id, member).await?;
                voices::support(tx, id, (member, person)).await
            }
            (_, Change::Unsupports) => voices::unsupport(tx, id, member).await,
            (Says::Comment(_, comment, words), Change::Comments) => {
                let person = self.person(&mut *tx, id, member).await?;
                voices::add_comment(tx, *comment, (id, person), words, now).await
            }
            (Says::TakeBackComment(_, comment), Change::TakesBack) => {
                voices::take_back(tx, *comment).await
            }
            (Says::TakeBackComment(_, comment), _) => {
                let mark = (member, kind::SUGGESTION_COMMENT, *comment);
                withdrawn::write(tx, &[mark], now).await
            }
            _ => Ok(()),
        }
    }

    /// How the group that has a suggestion before it knows a member.
    async fn person(
        &self,
        tx: &mut AnyConnection,
        id: SuggestionId,
        member: MemberId,
    ) -> Result<PersonId, Error> {
        let group = self.suggestions.get(&id).and_then(|known| known.group);
        let group = group.ok_or(Error::NotFound)?;
        let person = people::of_member(tx, group, member).await?;
        Ok(person.ok_or(Error::NotFound)?.id)
    }
}
