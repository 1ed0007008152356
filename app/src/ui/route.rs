//! The addresses of the member screens: parsed, printed and tested without a browser.

use crate::{
    domain::id::{ChangeId, DocumentId, ExperienceId, GroupId, OpportunityId, PeerMatchId},
    lang::Text,
    lang::en,
};
use std::fmt;
use uuid::Uuid;

/// A member screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/`
    Today,
    /// `/check-in`
    CheckIn,
    /// `/check-ins`
    MyCheckIns,
    /// `/take-part`
    TakePart,
    /// `/take-part/{opportunity}`
    Opportunity(OpportunityId),
    /// `/take-part/{opportunity}/sign-up`
    SignUp(OpportunityId),
    /// `/take-part/{opportunity}/people`
    Lead(OpportunityId),
    /// `/take-part/groups/{group}`
    Group(GroupId),
    /// `/take-part/groups/{group}/talk`
    InGroup(GroupId),
    /// `/our-words`
    OurWords,
    /// `/our-words/{document}`
    Words(DocumentId),
    /// `/your-experience`
    YourExperience,
    /// `/your-experience/new`
    Tell,
    /// `/your-experience/{experience}`
    Experience(ExperienceId),
    /// `/peer`
    Peer,
    /// `/peer/ask`
    PeerAsk,
    /// `/peer/with/{match}`
    PeerWith(PeerMatchId),
    /// `/peer/supporting`
    Supporting,
    /// `/peer/worried`
    Worried,
    /// `/my-sign-ups`
    MySignUps,
    /// `/my-plan`
    MyPlan,
    /// `/what-changed`
    WhatChanged,
    /// `/what-changed/{change}`
    Change(ChangeId),
    /// `/help-now`
    HelpNow,
    /// `/my-phone`
    MyPhone,
    /// `/my-phone/phones`
    MyPhones,
    /// `/my-phone/leave`
    Leave,
    /// `/my-phone/delete-shared`
    DeleteShared,
    /// `/my-phone/leave-chorus`
    LeaveChorus,
    /// `/my-phone/pin`
    Pin,
    /// `/my-phone/copy`
    Copy,
    /// `/join`, `/join/{code}`; of a poster also `/join/{code}/{end}`: see [`on_poster`].
    Join(Option<String>),
    /// `/notice`
    Notice,
    /// `/install`
    Install,
    /// Any other address.
    NotFound(String),
}

impl Route {
    /// Reads a path; a query or a fragment behind it is left out.
    pub fn parse(path: &str) -> Self {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let not_found = || Self::NotFound(path.to_owned());
        let of_id = |id: &str, route: fn(OpportunityId) -> Self| {
            id.parse().map_or_else(|_| not_found(), route)
        };
        match parts.as_slice() {
            [] => Self::Today,
            ["check-in"] => Self::CheckIn,
            ["check-ins"] => Self::MyCheckIns,
            ["take-part"] => Self::TakePart,
            ["take-part", id] => of_id(id, Self::Opportunity),
            ["take-part", "groups", id] => of_id(id, |id| Self::Group(GroupId(id.0))),
            ["take-part", "groups", id, "talk"] => of_id(id, |id| Self::InGroup(GroupId(id.0))),
            ["take-part", id, "people"] => of_id(id, Self::Lead),
            ["take-part", id, "sign-up"] => of_id(id, Self::SignUp),
            ["our-words"] => Self::OurWords,
            ["our-words", id] => of_id(id, |id| Self::Words(DocumentId(id.0))),
            ["your-experience"] => Self::YourExperience,
            ["your-experience", "new"] => Self::Tell,
            ["your-experience", id] => of_id(id, |id| Self::Experience(ExperienceId(id.0))),
            ["peer"] => Self::Peer,
            ["peer", "ask"] => Self::PeerAsk,
            ["peer", "with", id] => of_id(id, |id| Self::PeerWith(PeerMatchId(id.0))),
            ["peer", "supporting"] => Self::Supporting,
            ["peer", "worried"] => Self::Worried,
            ["my-sign-ups"] => Self::MySignUps,
            ["my-plan"] => Self::MyPlan,
            ["what-changed"] => Self::WhatChanged,
            ["what-changed", id] => of_id(id, |id| Self::Change(ChangeId(id.0))),
            ["help-now"] => Self::HelpNow,
            ["my-phone"] => Self::MyPhone,
            ["my-phone", "phones"] => Self::MyPhones,
            ["my-phone", "leave"] => Self::Leave,
            ["my-phone", "delete-shared"] => Self::DeleteShared,
            ["my-phone", "leave-chorus"] => Self::LeaveChorus,
            ["my-phone", "pin"] => Self::Pin,
            ["my-phone", "copy"] => Self::Copy,
            ["join"] => Self::Join(None),
            ["join", code] => Self::Join(Some((*code).to_owned())),
            ["join", code, end] => Self::Join(Some([code, "/", end].concat())),
            ["notice"] => Self::Notice,
            ["install"] => Self::Install,
            _ => not_found(),
        }
    }

    /// The path.
    pub fn path(&self) -> String {
        self.to_string()
    }

    /// The tab that this screen stands under, by its place in [`TABS`]; none for screens beside them.
    pub fn tab(&self) -> Option<usize> {
        match self {
            Self::Today
            | Self::CheckIn
            | Self::MyCheckIns
            | Self::MyPhone
            | Self::MyPhones
            | Self::Leave
            | Self::DeleteShared
            | Self::LeaveChorus
            | Self::Pin
            | Self::Copy => Some(0),
            Self::TakePart
            | Self::Opportunity(_)
            | Self::SignUp(_)
            | Self::Lead(_)
            | Self::Group(_)
            | Self::InGroup(_)
            | Self::OurWords
            | Self::Words(_)
            | Self::YourExperience
            | Self::Tell
            | Self::Experience(_)
            | Self::Peer
            | Self::PeerAsk
            | Self::PeerWith(_)
            | Self::Supporting
            | Self::Worried
            | Self::MySignUps => Some(1),
            Self::MyPlan => Some(2),
            Self::WhatChanged | Self::Change(_) => Some(3),
            _ => None,
        }
    }

    /// Whether the screen is for one thing alone: then no tabs stand beside it.
    pub fn is_one_thing(&self) -> bool {
        matches!(
            self,
            Self::CheckIn | Self::SignUp(_) | Self::Tell | Self::PeerAsk | Self::HelpNow
        )
    }

    /// Whether the screen opens without the PIN: it shows nothing of anybody's. Help now always does.
    pub fn is_open(&self) -> bool {
        matches!(
            self,
            Self::HelpNow
                | Self::TakePart
                | Self::Opportunity(_)
                | Self::Group(_)
                | Self::WhatChanged
                | Self::Change(_)
                | Self::Notice
                | Self::Install
                | Self::NotFound(_)
        )
    }

    /// The screen's name, for the page's title.
    pub fn name(&self) -> Text {
        match self {
            Self::Today => en::tab::TODAY,
            Self::CheckIn => en::check_in::TITLE,
            Self::MyCheckIns => en::check_ins::TITLE,
            Self::TakePart | Self::Opportunity(_) => en::tab::TAKE_PART,
            Self::SignUp(_) => en::sign_up::TITLE,
            Self::Lead(_) => en::lead::TITLE,
            Self::Group(_) => en::group::TITLE,
            Self::InGroup(_) => en::in_group::TITLE,
            Self::OurWords | Self::Words(_) => en::our_words::TITLE,
            Self::YourExperience | Self::Experience(_) => en::experience::TITLE,
            Self::Tell => en::tell::TITLE,
            Self::Peer | Self::PeerAsk | Self::PeerWith(_) | Self::Supporting | Self::Worried => {
                en::peer::TITLE
            }
            Self::MySignUps => en::sign_ups::TITLE,
            Self::MyPlan => en::tab::MY_PLAN,
            Self::WhatChanged | Self::Change(_) => en::tab::WHAT_CHANGED,
            Self::HelpNow => en::frame::HELP_NOW,
            Self::MyPhone => en::my_phone::TITLE,
            Self::MyPhones => en::phones::TITLE,
            Self::Leave => en::leave::TITLE,
            Self::DeleteShared => en::going::DELETE,
            Self::LeaveChorus => en::going::LEAVE,
            Self::Pin => en::pin::TITLE,
            Self::Copy => en::copy::TITLE,
            Self::Join(_) => en::join::TITLE,
            Self::Notice => en::notice::TITLE,
            Self::Install => en::install::TITLE,
            Self::NotFound(_) => en::not_found::TITLE,
        }
    }
}

/// The opportunity that a poster is for: among `all`, the one whose id ends so. A poster's address has only the end
/// of it, so that it can be typed; none where that is too short, or may mean another one too.
pub fn on_poster(end: &str, all: impl Iterator<Item = Uuid>) -> Option<Uuid> {
    let end = end.to_ascii_lowercase();
    let mut found = all.filter(|id| id.to_string().ends_with(&end));
    let first = found.next()?;
    (end.len() >= POSTER_END && found.next().is_none()).then_some(first)
}

/// The fewest letters of an id that a poster's address ends with.
pub const POSTER_END: usize = 6;

/// The bottom tabs, in order.
pub const TABS: [Route; 4] = [
    Route::Today,
    Route::TakePart,
    Route::MyPlan,
    Route::WhatChanged,
];

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opportunity(id) => write!(f, "/take-part/{id}"),
            Self::SignUp(id) => write!(f, "/take-part/{id}/sign-up"),
            Self::Lead(id) => write!(f, "/take-part/{id}/people"),
            Self::Group(id) => f.write_str(&["/take-part/groups/", &id.to_string()].concat()),
            Self::InGroup(id) => {
                f.write_str(&["/take-part/groups/", &id.to_string(), "/talk"].concat())
            }
            Self::Change(id) => f.write_str(&["/what-changed/", &id.to_string()].concat()),
            Self::PeerWith(id) => f.write_str(&["/peer/with/", &id.to_string()].concat()),
            Self::Words(id) => f.write_str(&["/our-words/", &id.to_string()].concat()),
            Self::Experience(id) => f.write_str(&["/your-experience/", &id.to_string()].concat()),
            Self::Join(Some(code)) => write!(f, "/join/{code}"),
            Self::NotFound(path) => f.write_str(path),
            fixed => f.write_str(match fixed {
                Self::CheckIn => "/check-in",
                Self::MyCheckIns => "/check-ins",
                Self::TakePart => "/take-part",
                Self::OurWords => "/our-words",
                Self::YourExperience => "/your-experience",
                Self::Tell => "/your-experience/new",
                Self::Peer => "/peer",
                Self::PeerAsk => "/peer/ask",
                Self::Supporting => "/peer/supporting",
                Self::Worried => "/peer/worried",
                Self::MySignUps => "/my-sign-ups",
                Self::MyPlan => "/my-plan",
                Self::WhatChanged => "/what-changed",
                Self::HelpNow => "/help-now",
                Self::MyPhone => "/my-phone",
                Self::MyPhones => "/my-phone/phones",
                Self::Leave => "/my-phone/leave",
                Self::DeleteShared => "/my-phone/delete-shared",
                Self::LeaveChorus => "/my-phone/leave-chorus",
                Self::Pin => "/my-phone/pin",
                Self::Copy => "/my-phone/copy",
                Self::Join(_) => "/join",
                Self::Notice => "/notice",
                Self::Install => "/install",
                _ => "/",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_screen_is_found_again_by_its_own_path() {
        let id = OpportunityId(uuid::Uuid::from_u128(5));
        for route in [
            Route::Today,
            Route::CheckIn,
            Route::MyCheckIns,
            Route::TakePart,
            Route::Opportunity(id),
            Route::SignUp(id),
            Route::Group(GroupId(id.0)),
            Route::InGroup(GroupId(id.0)),
            Route::OurWords,
            Route::Words(DocumentId(id.0)),
            Route::YourExperience,
            Route::Tell,
            Route::Experience(ExperienceId(id.0)),
            Route::Peer,
            Route::PeerAsk,
            Route::PeerWith(PeerMatchId(id.0)),
            Route::Supporting,
            Route::Worried,
            Route::MySignUps,
            Route::MyPlan,
            Route::WhatChanged,
            Route::Change(ChangeId(id.0)),
            Route::HelpNow,
            Route::MyPhone,
            Route::MyPhones,
            Route::Leave,
            Route::DeleteShared,
            Route::LeaveChorus,
            Route::Pin,
            Route::Copy,
            Route::Join(None),
            Route::Join(Some("STAR-DEMO".into())),
            Route::Join(Some("STAR-DEMO/9c2e1f".into())),
            Route::Notice,
            Route::Install,
            Route::NotFound("/nowhere/at/all".into()),
        ] {
            assert_eq!(Route::parse(&route.path()), route);
        }
    }

    #[test]
    fn a_query_a_fragment_and_a_last_slash_do_not_matter() {
        assert_eq!(
            Route::parse("/take-part/?area=wording#list"),
            Route::TakePart
        );
        assert_eq!(Route::parse("?done=sent"), Route::Today);
    }

    #[test]
    fn help_now_and_looking_around_open_without_the_pin_and_nothing_of_the_persons_does() {
        let id = OpportunityId(uuid::Uuid::from_u128(5));
        let group = Route::Group(GroupId(id.0));
        for open in [
            Route::HelpNow,
            Route::TakePart,
            Route::Opportunity(id),
            group,
            Route::WhatChanged,
            Route::Change(ChangeId(id.0)),
        ] {
            assert!(open.is_open(), "{open}");
        }
        for own in [
            Route::Today,
            Route::CheckIn,
            Route::MyCheckIns,
            Route::SignUp(id),
            Route::InGroup(GroupId(id.0)),
            Route::OurWords,
            Route::Words(DocumentId(id.0)),
            Route::YourExperience,
            Route::Tell,
            Route::Experience(ExperienceId(id.0)),
            Route::Peer,
            Route::PeerAsk,
            Route::PeerWith(PeerMatchId(id.0)),
            Route::Supporting,
            Route::Worried,
            Route::MySignUps,
            Route::MyPlan,
            Route::MyPhone,
            Route::MyPhones,
            Route::Leave,
            Route::DeleteShared,
            Route::LeaveChorus,
            Route::Pin,
            Route::Copy,
            Route::Join(None),
        ] {
            assert!(!own.is_open(), "{own}");
        }
    }

    #[test]
    fn a_poster_means_one_opportunity_or_none() {
        let id = |text: &str| text.parse::<Uuid>().unwrap();
        let all = [
            id("0198f0c2-1111-7000-8000-00000a9c2e1f"),
            id("0198f0c2-1111-7000-8000-00000b9c2e1f"),
            id("0198f0c2-1111-7000-8000-00000c000000"),
        ];
        let of = |end: &str| on_poster(end, all.into_iter());
        assert_eq!(of("C000000"), Some(all[2]));
        assert_eq!(of("a9c2e1f"), Some(all[0]));
        assert_eq!(of("0198f0c2-1111-7000-8000-00000b9c2e1f"), Some(all[1]));
        for none in ["9c2e1f", "00000", "", "ffffff", "../../api"] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn an_opportunity_that_is_no_id_is_not_found() {
        assert_eq!(
            Route::parse("/take-part/letters"),
            Route::NotFound("/take-part/letters".into())
        );
        assert_eq!(
            Route::parse("/take-part/groups/letters"),
            Route::NotFound("/take-part/groups/letters".into())
        );
    }

    #[test]
    fn each_tab_stands_under_itself() {
        for (place, route) in TABS.iter().enumerate() {
            assert_eq!(route.tab(), Some(place));
        }
    }
}
