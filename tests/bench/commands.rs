//! Commands as people would send them, made before anything is timed.

use app::domain::{
    check_in::{CONSENT_VERSION, Feeling, ShareCheckIn, Wants},
    command::Command,
    contact::{Contact, ContactBy},
    id::{CheckInId, CommandId, SessionId, SignUpId},
    sign_up::RequestSignUp,
};
use tests::outside::member::{Member, wire};
use uuid::Uuid;

const NOTE: &str = "Better than last week. I slept, and I went out to the garden group on \
    Tuesday. Still worried about the letter, so it would help to talk it through with someone.";

/// Which commands a request carries.
#[derive(Clone, Copy, Debug)]
pub enum Mix {
    /// Check-ins shared, each a new record.
    Shares,
    /// 16 check-ins shared, 2 of the request before taken back, a place asked for, and the one of the
    /// request before given back.
    All(SessionId),
}

/// What one phone made so far.
pub struct Maker<'m> {
    member: &'m Member,
    seq: u64,
    shared: Vec<CheckInId>,
    signed_up: SignUpId,
}

impl<'m> Maker<'m> {
    /// Of this member.
    pub fn new(member: &'m Member) -> Self {
        Self {
            member,
            seq: 0,
            shared: Vec::new(),
            signed_up: SignUpId(Uuid::now_v7()),
        }
    }

    /// The commands of one request, as JSON parted by commas: `count` shared check-ins, or the mix.
    pub fn request(&mut self, mix: Mix, count: usize) -> String {
        let commands = match mix {
            Mix::Shares => (0..count).map(|_| self.share()).collect(),
            Mix::All(session) => self.all(session),
        };
        let texts: Vec<String> = commands.iter().map(|command| self.write(command)).collect();
        texts.join(",")
    }

    /// A check-in as someone with something on their mind would share it.
    pub fn share(&mut self) -> Command {
        let id = CheckInId(Uuid::now_v7());
        self.shared.push(id);
        Command::ShareCheckIn(ShareCheckIn {
            check_in: id,
            team: self.member.team,
            feeling: Some(Feeling::UpAndDown),
            note: Some(NOTE.to_owned()),
            wants: Wants::Message,
            contact: Some(contact()),
            consent: CONSENT_VERSION,
        })
    }

    fn all(&mut self, session: SessionId) -> Vec<Command> {
        let before = std::mem::take(&mut self.shared);
        let gone = std::mem::replace(&mut self.signed_up, SignUpId(Uuid::now_v7()));
        let mut commands: Vec<Command> = (0..16).map(|_| self.share()).collect();
        let back = before.into_iter().take(2).map(Command::WithdrawCheckIn);
        commands.extend(back);
        commands.push(Command::WithdrawSignUp(gone));
        commands.push(Command::RequestSignUp(RequestSignUp {
            sign_up: self.signed_up,
            session,
            contact: Some(contact()),
            access_needs: Some("A seat near the door.".to_owned()),
            access_needs_consent: true,
            travel_first: true,
            note: None,
            agreement: None,
            thanks: None,
        }));
        commands
    }

    fn write(&mut self, command: &Command) -> String {
        self.seq += 1;
        wire(CommandId(Uuid::now_v7()), self.seq, command)
    }
}

fn contact() -> Contact {
    Contact {
        by: ContactBy::Text,
        value: "07700 900123".to_owned(),
        safe_to_leave_message: true,
    }
}
