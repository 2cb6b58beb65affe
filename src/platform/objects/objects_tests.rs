use super::*;
use crate::platform::for_tests;

async fn kept(objects: &Objects, name: &str, content: &[u8]) {
    let mut writing = objects.write(name).unwrap();
    for part in content.chunks(10_007) {
        writing.add(part).await.unwrap();
    }
    writing.finish().await.unwrap();
}

#[tokio::test]
async fn any_length_comes_back_and_nothing_lies_open() {
    let (folder, platform) = for_tests::platform();
    let objects = Objects::new(ObjectsUrl::Folder(folder.path().join("objects")), Arc::clone(&platform.keys));
    for (n, length) in [1, 100, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, PART + 77].into_iter().enumerate() {
        let content: Vec<u8> = (0..length).map(|i| u8::try_from(i % 251).unwrap()).collect();
        let name = format!("object-{n:02}");
        kept(&objects, &name, &content).await;
        assert_eq!(objects.read(&name).await.unwrap().whole().await.unwrap(), content, "{length}");
        let raw = std::fs::read(folder.path().join(format!("objects/{n:02}/{name}"))).unwrap();
        assert!(length < 64 || !raw.windows(64).any(|w| w == &content[..64]), "{length} lies open");
    }
}

#[tokio::test]
async fn what_was_cut_changed_or_moved_does_not_open() {
    let (folder, platform) = for_tests::platform();
    let objects = Objects::new(ObjectsUrl::Folder(folder.path().join("objects")), Arc::clone(&platform.keys));
    kept(&objects, "one-11", &vec![7; 2 * CHUNK]).await;
    kept(&objects, "two-11", b"another").await;
    let (one, two) = (folder.path().join("objects/11/one-11"), folder.path().join("objects/11/two-11"));
    let whole = std::fs::read(&one).unwrap();
    let mut changed = whole.clone();
    changed[HEADER + 5] ^= 1;
    for bad in [&whole[..whole.len() - 1], &whole[..HEADER + SEALED_CHUNK], &whole[..HEADER], &whole[..3], &changed] {
        std::fs::write(&one, bad).unwrap();
        let outcome = match objects.read("one-11").await {
            Ok(reading) => reading.whole().await,
            Err(e) => Err(e),
        };
        assert!(matches!(outcome, Err(Error::Internal(_))), "{outcome:?}");
    }
    std::fs::write(&two, &whole).unwrap();
    assert!(objects.read("two-11").await.unwrap().whole().await.is_err());
    objects.remove("two-11").await.unwrap();
    objects.remove("two-11").await.unwrap();
    assert!(matches!(objects.read("two-11").await, Err(Error::Internal(_))));
}

#[tokio::test]
async fn what_is_dropped_half_way_leaves_nothing() {
    let (folder, platform) = for_tests::platform();
    let objects = Objects::new(ObjectsUrl::Folder(folder.path().join("objects")), Arc::clone(&platform.keys));
    let mut writing = objects.write("half-22").unwrap();
    writing.add(&vec![1; 2 * PART]).await.unwrap();
    drop(writing);
    let files = || std::fs::read_dir(folder.path().join("objects/22")).map_or(0, Iterator::count);
    for _ in 0..100 {
        if files() == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(files(), 0);
}
