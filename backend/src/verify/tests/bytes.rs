//! No byte of a bundle is free.

use std::collections::BTreeMap;

use super::{Story, count, fault, pack};
use crate::verify::archive::Archive;
use crate::verify::{Trust, verify};

#[test]
fn an_untouched_bundle_is_good_and_the_report_counts_what_was_checked() {
    let files = Story::new().files();
    let trust = Trust {
        key: Some(files.vkey()),
        checkpoint: None,
    };
    let report = verify(&files.zip(), &trust);
    assert_eq!(report.fault, None);
    assert_eq!(count(&report, "records have the hash"), 7);
    assert_eq!(count(&report, "outside the scope"), 1);
    assert_eq!(count(&report, "checkpoints are signed"), 2);
    assert_eq!(count(&report, "assessments are those"), 1);
    assert_eq!(count(&report, "publications are what was released last"), 1);
    assert!(
        report
            .to_string()
            .ends_with("GOOD  the bundle is complete and unchanged")
    );
}

#[test]
fn a_bundle_of_everything_has_no_leaf_without_its_record() {
    let mut story = Story::new();
    story.everything = true;
    let mut files = story.files();
    assert_eq!(fault(&files.zip()), "no fault");
    files.edit("records.jsonl", |lines| drop(lines.remove(2)));
    files.edit("inclusion-proofs.jsonl", |lines| drop(lines.remove(2)));
    assert!(fault(&files.zip()).contains("the record of leaf 2 is missing"));
}

#[test]
fn whichever_byte_is_changed_the_bundle_is_refused_and_the_fault_names_the_file_it_lies_in() {
    let zip = Story::new().files().zip();
    let archive = Archive::read(&zip).unwrap();
    let file_at = |position: usize| {
        let inside = |offset: u64, size: usize| {
            (offset as usize..offset as usize + size).contains(&position)
        };
        archive
            .entries()
            .iter()
            .find(|entry| inside(entry.offset, entry.content.len()))
            .map(|entry| entry.name)
    };
    let half = zip.len() / 2;
    let try_all = |range: std::ops::Range<usize>| {
        for position in range {
            // The lowest bit, then the bit that turns a lower-case letter into an upper-case one.
            let mut changed = zip.clone();
            changed[position] ^= if position % 2 == 0 { 0x01 } else { 0x20 };
            let Some(fault) = verify(&changed, &Trust::default()).fault else {
                panic!(
                    "byte {position} ({:?}) can be changed unseen",
                    file_at(position)
                );
            };
            let named = file_at(position).unwrap_or("(the ZIP itself)");
            assert_eq!(fault.file, named, "byte {position}: {fault}");
            if file_at(position).is_some() {
                assert_eq!(fault.offset, Some(position as u64), "{fault}");
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| try_all(0..half));
        try_all(half..zip.len());
    });
}

#[test]
fn whatever_is_cut_off_or_put_before_or_after_or_between_the_bundle_is_refused() {
    let zip = Story::new().files().zip();
    for size in 0..zip.len() {
        assert_ne!(fault(&zip[..size]), "no fault", "cut to {size} bytes");
    }
    assert_ne!(fault(&[&[0], zip.as_slice()].concat()), "no fault");
    assert_ne!(fault(&[zip.as_slice(), &[0]].concat()), "no fault");
    let directory = zip
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    for position in [
        4,
        30,
        40,
        directory,
        directory + 10,
        zip.len() - 22,
        zip.len() - 1,
    ] {
        let mut grown = zip.clone();
        grown.insert(position, 0);
        assert_ne!(fault(&grown), "no fault", "a byte put in at {position}");
    }
}

#[test]
fn a_file_that_is_missing_added_twice_or_renamed_is_named() {
    let good = Story::new().files();
    let whole: BTreeMap<_, _> = {
        let zip = good.zip();
        let archive = Archive::read(&zip).unwrap();
        archive
            .entries()
            .iter()
            .map(|entry| (entry.name.to_owned(), entry.content.to_vec()))
            .collect()
    };
    for name in whole.keys() {
        let mut less = whole.clone();
        less.remove(name);
        assert!(fault(&pack(&less)).contains(name), "{name}");
    }
    let mut more = whole.clone();
    more.insert("extra.txt".to_owned(), b"More.\n".to_vec());
    assert!(fault(&pack(&more)).contains("extra.txt"));
    let mut signed = good.clone();
    signed
        .content
        .insert("extra.txt".to_owned(), b"More.\n".to_vec());
    assert!(fault(&signed.zip()).contains("`extra.txt` does not belong to a bundle"));
}
