//! The network between phones and the server, and what it does to requests and answers.

use super::{
    faults::Fault,
    model::{failed, failed_for},
    mutation::Mutation,
    phone::TabRef,
    server::{Answer, Call},
    world::{Event, World},
};
use app::{
    domain::id::{DeviceId, MemberId},
    sync::{
        link::LinkError,
        replica::{Input, RequestId},
        store::Write,
        wire::{ErrorBody, JoinRequest, JoinResponse, ReturnRequest, SyncRequest, SyncResponse},
    },
};

type Done = Result<(), String>;

/// A request on its way.
#[derive(Clone, Debug)]
pub struct Flight {
    tab: TabRef,
    request: RequestId,
    device: DeviceId,
    call: Call,
    /// What becomes of the answer.
    way_back: WayBack,
}

#[derive(Clone, Copy, Debug)]
enum WayBack {
    After(i64),
    Never,
    Cut,
    Replaced,
}

impl World {
    /// A request leaves a phone.
    pub fn send(&mut self, tab: TabRef, request: RequestId, sent: SyncRequest) -> Done {
        let mut body = serde_json::to_vec(&sent).map_err(|error| error.to_string())?;
        let phone = &mut self.phones[tab.phone];
        if self.mutation == Some(Mutation::PhoneSendsPrivate)
            && let Some((_, text)) = phone.store.private.values().next()
        {
            body.extend_from_slice(text.as_bytes());
        }
        self.requests += 1;
        self.oracle.sending(&phone.store, &sent, &body)?;
        let flight = Flight {
            tab,
            request,
            device: phone.device,
            call: Call {
                path: "/api/sync",
                cookie: phone.cookie.clone(),
                body,
            },
            way_back: WayBack::After(50),
        };
        if self.mutation == Some(Mutation::PhoneDeletesBeforeOutcome) {
            self.delete_sent(tab, &sent)?;
        }
        self.route(flight, sent.commands.len());
        Ok(())
    }

    fn delete_sent(&mut self, tab: TabRef, sent: &SyncRequest) -> Done {
        let store = &self.phones[tab.phone].store;
        let rows = store.outbox();
        let sent = rows
            .iter()
            .filter(|row| sent.commands.iter().any(|it| it.get() == row.text));
        let writes: Vec<_> = sent.map(|row| Write::DeleteOutbox(row.id)).collect();
        let batch = app::sync::store::Batch {
            id: 0,
            expect: 0,
            writes,
            meta: store.meta(),
        };
        self.commit(tab.phone, &batch)
    }

    /// What becomes of a request.
    fn route(&mut self, mut flight: Flight, commands: usize) {
        let there = if self.calm {
            30
        } else {
            self.chance.time(20, 3_000)
        };
        flight.way_back = WayBack::After(if self.calm {
            30
        } else {
            self.chance.time(20, 3_000)
        });
        let no_signal = self.now < self.phones[flight.tab.phone].no_signal_until;
        if no_signal && !self.calm {
            return self.answer_later(10, &flight, None);
        }
        if self.strikes(Fault::RequestDropped, 12) {
            if self.chance.one_in(2) {
                self.answer_later(there, &flight, None);
            }
            return;
        }
        if let Some(answer) = self.answered_by_the_way(&flight, commands) {
            return self.answer_later(there, &flight, Some(answer));
        }
        if self.strikes(Fault::RequestDuplicated, 15) {
            let mut again = flight.clone();
            again.way_back = WayBack::Never;
            let delay = self.chance.time(20, 200_000);
            self.later(delay, Event::Arrive(Box::new(again)));
        }
        if self.strikes(Fault::ReplyLost, 12) {
            flight.way_back = WayBack::Never;
        } else if self.strikes(Fault::ReplyCut, 20) {
            flight.way_back = WayBack::Cut;
        } else if self.strikes(Fault::ReplyReplaced, 25) {
            flight.way_back = WayBack::Replaced;
        } else if self.strikes(Fault::ReplyLate, 25) {
            flight.way_back = WayBack::After(self.chance.time(50_000, 130_000));
        }
        let late = self.strikes(Fault::RequestDelayed, 15);
        let there = if late {
            self.chance.time(10_000, 120_000)
        } else {
            there
        };
        self.later(there, Event::Arrive(Box::new(flight)));
    }

    /// An answer by something between the phone and the server, or by a server in trouble.
    fn answered_by_the_way(&mut self, flight: &Flight, commands: usize) -> Option<Answer> {
        if self.calm || !self.chance.one_in(7) {
            return None;
        }
        let statuses = [400, 401, 403, 409, 413, 415, 426, 429, 500, 502, 503];
        let status = *self.chance.pick(&statuses)?;
        // A lone command that is too large is given back: that is no fault to inject.
        let status = if status == 413 && commands < 2 {
            500
        } else {
            status
        };
        self.faults.count(Fault::Status(status));
        let code = match status {
            400 => "malformed",
            401 => "sign_in_required",
            403 if self.chance.one_in(2) => {
                self.faults.count(Fault::RevokedOther);
                let other = DeviceId(self.chance.id(self.now));
                assert_ne!(other, flight.device);
                return Some(failed_for(403, "device_revoked", Some(other)));
            }
            409 => "other_member",
            413 => "too_large",
            426 => "update_required",
            _ => "trouble",
        };
        let mut answer = failed(status, code);
        if matches!(status, 429 | 503) && self.chance.one_in(2) {
            answer.retry_after_s = Some(self.chance.time(1, 90));
        }
        if self.chance.one_in(6) {
            answer.body = b"<html>Sign in to the hotel</html>".to_vec();
        }
        Some(answer)
    }

    /// A request arrives at the server.
    pub fn arrive(&mut self, flight: Flight) -> Done {
        if self.revoked.contains(&flight.device) {
            let answer = failed_for(403, "device_revoked", Some(flight.device));
            self.answer_later(50, &flight, Some(answer));
            return Ok(());
        }
        let answer = self.server.call(self.now, &flight.call);
        self.server.check()?;
        if let Ok(page) = serde_json::from_slice::<SyncResponse>(&answer.body) {
            if !self.is(Mutation::ServerAnswersBeforeDurable) {
                self.oracle.answered(&page.outcomes)?;
            } else {
                self.oracle.outcomes.extend(
                    page.outcomes
                        .iter()
                        .filter_map(|it| Some((it.id?, it.clone()))),
                );
            }
        } else if answer.status == 200 {
            return Err("a 200 that is no page".into());
        }
        match flight.way_back {
            WayBack::After(delay) => self.answer_later(delay, &flight, Some(answer)),
            WayBack::Never => {}
            WayBack::Cut => self.answer_later(200, &flight, None),
            WayBack::Replaced => self.answer_later(200, &flight, Some(failed(502, "bad_gateway"))),
        }
        Ok(())
    }

    fn answer_later(&mut self, delay: i64, flight: &Flight, answer: Option<Answer>) {
        self.later(delay, Event::Answered(flight.tab, flight.request, answer));
    }

    /// An answer, or the news that there is none, reaches a tab.
    pub fn answered(&mut self, tab: TabRef, request: RequestId, answer: Option<Answer>) -> Done {
        let device = self.phones[tab.phone].device;
        let reply = match answer {
            None => Err(LinkError::NoAnswer),
            Some(answer) if answer.status == 200 => {
                if let Some(cookie) = answer.set_cookie {
                    self.phones[tab.phone].cookie = Some(cookie);
                }
                serde_json::from_slice(&answer.body)
                    .map(Box::new)
                    .map_err(|_| LinkError::Failed)
            }
            Some(answer) => {
                let body = serde_json::from_slice::<ErrorBody>(&answer.body).ok();
                let wait = answer.retry_after_s;
                Err(LinkError::read(answer.status, body.as_ref(), wait, device))
            }
        };
        self.give(tab, Input::Reply(request, reply))
    }

    /// A session is renewed with the return key.
    pub fn renew(&mut self, tab: TabRef, member: MemberId) -> Done {
        if self.strikes(Fault::ReplyLost, 6) {
            return self.give(tab, Input::Renewed(Err(LinkError::NoAnswer)));
        }
        let Some(key) = self.phones[tab.phone].key(member) else {
            // Another tab has erased what was theirs.
            return self.give(tab, Input::Renewed(Err(LinkError::SignInRequired)));
        };
        let answer = self.come_back(member, &key)?;
        let renewed = if answer.is_ok() {
            self.phones[tab.phone].cookie = answer.set_cookie;
            Ok(())
        } else {
            Err(LinkError::SignInRequired)
        };
        self.give(tab, Input::Renewed(renewed))
    }

    /// `POST /api/return`.
    pub fn come_back(&mut self, member: MemberId, key: &str) -> Result<Answer, String> {
        let body = ReturnRequest {
            member,
            return_key: key.to_owned(),
        };
        self.call("/api/return", None, &body)
    }

    /// Someone joins for the first time; `code` picks with or without a team.
    pub fn meet(&mut self, code: usize) -> Done {
        let body = JoinRequest {
            code: self.server.join_codes()[code].clone(),
            name: Some("Demo".into()),
            was: None,
        };
        let answer = self.call("/api/join", None, &body)?;
        let joined: JoinResponse = serde_json::from_slice(&answer.body).map_err(|error| {
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            format!("joining answered {}: {error}: {body}", answer.status)
        })?;
        self.people.push(super::world::Person {
            member: joined.member,
            key: joined.return_key.ok_or("joining gave no return key")?,
        });
        Ok(())
    }

    /// A call over a network that works.
    pub fn call<T: serde::Serialize>(
        &mut self,
        path: &'static str,
        cookie: Option<String>,
        body: &T,
    ) -> Result<Answer, String> {
        let body = serde_json::to_vec(body).map_err(|error| error.to_string())?;
        let call = Call { path, cookie, body };
        Ok(self.server.call(self.now, &call))
    }
}
