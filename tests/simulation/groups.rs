//! People who belong to the involvement group, what they write to each other, and what they say about the words of its
//! document: often of a version that is not the newest any more.

use super::{
    driver::owner_shown,
    faults::Met,
    network::Flight,
    phone::TabRef,
    server::{DOCUMENT, GROUP, words_of},
    world::World,
};
use app::{
    domain::{
        command::Command,
        group::{GroupAct, InGroup, Message},
        id::{MemberId, SuggestionId},
        record::kind,
        words::{
            Document,
            suggestion::{Says, Send, ShownAs, Suggestion},
        },
    },
    sync::{store::RecordKey, wire::SyncResponse},
};
use uuid::Uuid;

type Done = Result<(), String>;

/// The scope of what the group's people read.
pub fn group_scope() -> String {
    format!("group:{GROUP}")
}

impl World {
    /// Joins the group, writes to it, takes something back, or leaves.
    pub fn does_in_group(&mut self, tab: TabRef) -> Done {
        match self.chance.below(8) {
            0..=2 => {
                self.tally.met.count(Met::AskedToBelong);
                let mut join = InGroup::new(GroupAct::Join, GROUP);
                join.agreement = Some(1);
                self.make(tab, join.into(), "", Vec::new())
            }
            3 => {
                self.tally.met.count(Met::LeftGroup);
                let leave = InGroup::new(GroupAct::Leave, GROUP);
                self.make(tab, leave.into(), "", Vec::new())
            }
            _ => {
                let words = self.oracle.mark(false);
                let id = self.chance.id(self.now);
                let write = InGroup::about(GroupAct::Write, GROUP, id, Some(words.clone()));
                self.make(tab, write.into(), &words, Vec::new())
            }
        }
    }

    /// Says something about a phrase, as the phone has the document.
    pub fn says_about_words(&mut self, tab: TabRef) -> Done {
        let records = self.phones[tab.phone].store.records.iter();
        let mut records = records.filter_map(|(key, body)| Some((RecordKey::parse(key)?, body)));
        let found = records.find(|(key, _)| key.kind() == kind::DOCUMENT);
        let document = found.and_then(|(_, body)| serde_json::from_str::<Document>(body).ok());
        let Some(document) = document else {
            return Ok(());
        };
        let Some(phrase) = self.chance.pick(&document.phrases).cloned() else {
            return Ok(());
        };
        let words = self.oracle.mark(false);
        let send = Send {
            suggestion: SuggestionId(self.chance.id(self.now)),
            document: DOCUMENT,
            phrase: phrase.id,
            version: document.version,
            was: phrase.text,
            feels: Some(words.clone()),
            instead: None,
            why: None,
            shown_as: ShownAs::None,
        };
        let says = Says::Send(Box::new(send));
        self.make(tab, says.into(), &words, Vec::new())
    }

    /// What takes a thing of the person's back that is in the group or about words; none for anything else.
    pub fn taking_back(&mut self, tab: TabRef, kind: &str, id: Uuid) -> Option<Command> {
        let owner = owner_shown(self, tab)?;
        match kind {
            kind::SUGGESTION => Some(Says::Withdraw(SuggestionId(id)).into()),
            kind::GROUP_MESSAGE if self.oracle.wrote(owner, id) => {
                Some(InGroup::about(GroupAct::TakeBack, GROUP, id, None).into())
            }
            _ => None,
        }
    }

    /// What is written in the group is told to those who belong, and nothing of it that was taken back.
    ///
    /// # Errors
    /// Somebody was told what they may not read.
    pub fn tells_of_group(&mut self, flight: &Flight, page: &SyncResponse) -> Done {
        let scope = group_scope();
        let changes = || page.changes.iter().filter(|change| change.scope == scope);
        let told = page
            .sums
            .as_ref()
            .is_some_and(|sums| sums.contains_key(&scope));
        if !told && changes().next().is_none() {
            return Ok(());
        }
        let member = flight.member.ok_or("nobody was told of a group")?;
        if !self.server.is_in_group(member) {
            return Err(format!("{member} was told of a group and is not in it"));
        }
        self.tally.met.count(Met::ToldOfGroup);
        for change in changes().filter(|change| !change.deleted) {
            let body = change.body.as_ref().map_or("", |body| body.0.get());
            self.oracle.told_group(&change.kind, &change.id, body)?;
        }
        Ok(())
    }

    /// What somebody said stands with the words that they read, whatever the document says by now.
    ///
    /// # Errors
    /// It stands with others.
    pub fn judge_suggestion(&mut self, id: &str, said: &Suggestion, newest: u32) -> Done {
        let read = words_of(said.phrase, said.version);
        if said.was.is_some() && said.was != read {
            return Err(format!(
                "{id} was said of {read:?} and stands with {:?}",
                said.was
            ));
        }
        if said.version < newest {
            self.tally.met.count(Met::SaidOfOldWords);
        }
        if words_of(said.phrase, newest).is_none() {
            self.tally.met.count(Met::SaidOfWordsThatWent);
        }
        Ok(())
    }

    /// Whoever belongs has the group's records, and nobody else.
    ///
    /// # Errors
    /// It is otherwise.
    pub fn judge_group(&self, member: MemberId, reads: bool) -> Done {
        if self.server.is_in_group(member) == reads {
            Ok(())
        } else {
            Err(format!(
                "{member} reads the group: {reads}, and belongs: {}",
                !reads
            ))
        }
    }
}

impl super::oracle::Oracle {
    /// Whether somebody wrote this to the group, on any of their phones.
    pub fn wrote(&self, owner: app::sync::outbox::Owner, message: Uuid) -> bool {
        self.made.values().any(|made| {
            let subject = made.command.subject();
            made.owner == owner
                && made.command.kind() == GroupAct::Write.word()
                && subject == (kind::GROUP_MESSAGE, message)
        })
    }

    /// The group is told of something: it was written, and is not taken back, or has no words.
    ///
    /// # Errors
    /// It was never written, or was taken back.
    pub fn told_group(&self, kind: &str, id: &str, body: &str) -> Done {
        let (acts, has_words): ([&str; 2], bool) = match kind {
            kind::GROUP_MESSAGE => {
                let message: Message = serde_json::from_str(body)
                    .map_err(|error| format!("{body} cannot be read: {error}"))?;
                let acts = [GroupAct::Write.word(), GroupAct::TakeBack.word()];
                (acts, message.words.is_some())
            }
            kind::GROUP_SUGGESTION => (["suggestion.send", "suggestion.withdraw"], true),
            _ => return Ok(()),
        };
        let of = |act: &str| {
            let made = self.made.iter().map(|(id, made)| (id, &made.command));
            let mut all = made.chain(self.own_withdrawals());
            all.find(|(_, command)| command.kind() == act && command.subject().1.to_string() == id)
        };
        if of(acts[0]).is_none() {
            return Err(format!("a group was told of {id}, which nobody wrote"));
        }
        let taken_back = self.is_applied_of(acts[1], id);
        if taken_back && has_words {
            return Err(format!("{id} was taken back and the group reads it"));
        }
        Ok(())
    }
}
