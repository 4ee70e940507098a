use std::ffi::OsString;

/// The course's flags with several letters after one dash, and their long forms.
const LESSON_FLAGS: [(&str, &str); 5] = [
    ("-pk", "--public-key-file"),
    ("-public_key_file_name", "--public-key-file"),
    ("-port", "--port"),
    ("-neighbors", "--peer"),
    ("-neighbours", "--peer"),
];

/// Rewrites the course's flags, such as `-pk`, to the long form that the parser knows.
pub(super) fn lesson_flags(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut literal = false;
    arguments
        .into_iter()
        .map(|argument| {
            literal |= argument == "--";
            let long = LESSON_FLAGS.iter().find(|(short, _)| !literal && argument == *short);
            long.map_or(argument, |(_, long)| OsString::from(long))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_flags_of_the_course_change() {
        let rewritten = |line: &str| {
            let words = line.split(' ').map(OsString::from);
            lesson_flags(words).iter().map(|w| w.to_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(rewritten("x -p 1 -pk f"), "x -p 1 --public-key-file f");
        assert_eq!(rewritten("x -port 1 -neighbors a b"), "x --port 1 --peer a b");
        assert_eq!(rewritten("x -- -pk"), "x -- -pk");
    }
}
