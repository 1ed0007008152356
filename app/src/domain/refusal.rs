//! Why a command is refused. The words for each are in `lang`; the codes are on the wire for ever.

/// Why a command is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The command cannot be read.
    Malformed,
    /// Another command had this id.
    IdReused,
    /// One command is larger than a whole request may be.
    TooLarge,
    /// The thing belongs to someone else.
    NotYours,
    /// There is no such session.
    NoSuchSession,
    /// The session takes nobody (any more, or for now).
    SessionClosed,
    /// The person already has a sign-up that stands for this session.
    AlreadySignedUp,
    /// No place is being offered.
    NoOffer,
    /// The member does not belong to that team.
    NotYourTeam,
    /// The words about sharing were not agreed to.
    ConsentNeeded,
    /// There is no such check-in.
    NoSuchCheckIn,
    /// There is room for no more messages about this check-in.
    TooMany,
    /// The member has no such phone.
    NoSuchDevice,
    /// It is the phone that asks: leaving is another thing.
    ThisPhone,
    /// The member has left Chorus.
    Left,
    /// The person has no place in the session that could be marked.
    NoPlace,
    /// There is an agreement to agree to first.
    AgreementNeeded,
    /// There is no such group.
    NoSuchGroup,
    /// The group takes nobody new for now, or is over.
    GroupClosed,
    /// The person does not belong to the group.
    NotInGroup,
    /// Whoever leads asked them to write nothing for now.
    WritingPaused,
    /// Nothing can be said about these words: they are not there, or closed, or what it is about was taken back.
    NoSuchWords,
    /// That person reads no more of what is about people who work here.
    NoSuchReader,
    /// It has changed since it was read: another text, or another wish.
    Changed,
    /// The person has asked for a peer already.
    PeerAsked,
    /// Talking with this peer, or being asked to, is over.
    PeerOver,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Self; 26] = [
        Self::Malformed,
        Self::IdReused,
        Self::TooLarge,
        Self::NotYours,
        Self::NoSuchSession,
        Self::SessionClosed,
        Self::AlreadySignedUp,
        Self::NoOffer,
        Self::NotYourTeam,
        Self::ConsentNeeded,
        Self::NoSuchCheckIn,
        Self::TooMany,
        Self::NoSuchDevice,
        Self::ThisPhone,
        Self::Left,
        Self::NoPlace,
        Self::AgreementNeeded,
        Self::NoSuchGroup,
        Self::GroupClosed,
        Self::NotInGroup,
        Self::WritingPaused,
        Self::NoSuchWords,
        Self::NoSuchReader,
        Self::Changed,
        Self::PeerAsked,
        Self::PeerOver,
    ];

    /// The code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::IdReused => "id_reused",
            Self::TooLarge => "too_large",
            Self::NotYours => "not_yours",
            Self::NoSuchSession => "no_such_session",
            Self::SessionClosed => "session_closed",
            Self::AlreadySignedUp => "already_signed_up",
            Self::NoOffer => "no_offer",
            Self::NotYourTeam => "not_your_team",
            Self::ConsentNeeded => "consent_needed",
            Self::NoSuchCheckIn => "no_such_check_in",
            Self::TooMany => "too_many_messages",
            Self::NoSuchDevice => "no_such_device",
            Self::ThisPhone => "this_phone",
            Self::Left => "left",
            Self::NoPlace => "no_place",
            Self::AgreementNeeded => "agreement_needed",
            Self::NoSuchGroup => "no_such_group",
            Self::GroupClosed => "group_closed",
            Self::NotInGroup => "not_in_group",
            Self::WritingPaused => "writing_paused",
            Self::NoSuchWords => "no_such_words",
            Self::NoSuchReader => "no_such_reader",
            Self::Changed => "changed",
            Self::PeerAsked => "peer_asked",
            Self::PeerOver => "peer_over",
        }
    }
}
