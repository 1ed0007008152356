//! English. Short words, short sentences: reading age about 9.

crate::texts! {
    TODAY_HELLO "today.hello" "Hello.";
    TODAY_HELLO_NAME "today.hello_name" "Hello, {name}.";
    HELP_NOW "help_now.button" "Help now";
}

/// The document around the screens, and the staff desk.
pub mod desk {
    crate::texts! {
        APP_NAME "app.name" "Chorus";
        APP_DESCRIPTION "app.description" "Take part, be heard, and find help. Works with no signal.";
        SHELL_OPENING "shell.opening" "Chorus is opening…";
    }
}
