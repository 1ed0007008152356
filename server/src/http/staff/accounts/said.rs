//! What was done with accounts, in the words of the audit log.

use crate::staff::accounts::did;
use app::lang::en::accounts as words;

/// An action in words; none if it is of another kind.
pub fn said(action: &str) -> Option<&'static str> {
    let words = match action {
        did::INVITE => words::AUDIT_INVITE,
        did::INVITE_AGAIN => words::AUDIT_INVITE_AGAIN,
        did::UNINVITE => words::AUDIT_UNINVITE,
        did::JOIN => words::AUDIT_JOIN,
        did::NAME => words::AUDIT_NAME,
        did::MAKE_ADMIN => words::AUDIT_MAKE_ADMIN,
        did::MAKE_STAFF => words::AUDIT_MAKE_STAFF,
        did::TEAMS => words::AUDIT_TEAMS,
        did::DISABLE => words::AUDIT_DISABLE,
        did::ENABLE => words::AUDIT_ENABLE,
        did::SIGN_OUT => words::AUDIT_SIGN_OUT,
        did::RESET_TWO_STEP => words::AUDIT_RESET_TWO_STEP,
        did::TWO_STEP_ON => words::AUDIT_TWO_STEP_ON,
        did::TWO_STEP_OFF => words::AUDIT_TWO_STEP_OFF,
        did::NEW_CODES => words::AUDIT_NEW_CODES,
        did::RECOVERY => words::AUDIT_RECOVERY,
        did::CALENDAR => words::AUDIT_CALENDAR,
        did::CALENDAR_END => words::AUDIT_CALENDAR_END,
        did::PASSWORD => words::AUDIT_PASSWORD,
        did::MUST => words::AUDIT_MUST,
        did::NEED_NOT => words::AUDIT_NEED_NOT,
        _ => return None,
    };
    Some(words.get())
}
