//! Codes of files that are enclosed: their names, types and contents.

crate::codes! {
    FILE_NAME_UNSAFE "file_name_unsafe": "File name can't be used" / "文件名不可用":
        "A file name is a name alone: no slashes, control characters or marks that turn the direction of writing. Rename the file and send it again."
        / "文件名不能包含斜杠、控制字符或改变书写方向的标记，请重命名后重新上传。";
    FILE_EMPTY "file_empty": "File is empty" / "文件为空":
        "The file has no content. Choose the right one and send it again."
        / "文件没有内容，请选择正确的文件后重新上传。";
    FILE_KIND_NOT_TAKEN "file_kind_not_taken": "Kind of file not taken" / "不接受该类文件":
        "The content is none of the kinds taken here: photographs, PDF, audio, plain text in UTF-8, office documents. Convert the file and send it again."
        / "文件内容不属于可接受的类型（照片、PDF、录音、UTF-8 纯文本、办公文档），请转换后重新上传。";
    FILE_KIND_DIFFERS "file_kind_differs": "Kind of file differs from the stated one" / "文件类型与声明不符":
        "The content is {}, which Content-Type does not say. State that, or leave Content-Type out."
        / "文件内容为 {}，与 Content-Type 的声明不符，请更正声明或不作声明。";
    FILE_DIGEST_DIFFERS "file_digest_differs": "File was changed on its way" / "文件在传输中被改变":
        "What arrived does not have the stated SHA-256. Send the file again."
        / "收到的内容与所声明的 SHA-256 不符，请重新上传。";
    FILE_SWELLS "file_swells": "File unpacks to too much" / "文件解压后过大":
        "The document says of itself that it unpacks to more than a document does. It is not taken."
        / "该文档解压后的大小超出正常范围，不予接受。";
    PAPERS_NOT_SHOWN "papers_not_shown": "Papers are for those who work on it" / "仅经办人员可查看":
        "Files enclosed with a petition may be papers of its people: only who works on it opens them. What was answered is open to you."
        / "附件可能为当事人证件材料，仅经办人员可打开；标为答复材料的附件可供查看。";
    FILES_TOO_MANY "files_too_many": "Too many files" / "附件数量过多":
        "A petition holds {} files at most. Put further pages into one document."
        / "每件信访最多附 {} 个文件，请将其余页面合并为一个文档。";
    FILES_TOO_LARGE "files_too_large": "Files too large together" / "附件总量过大":
        "The files of a petition hold {} MiB together at most. Make photographs and recordings smaller."
        / "每件信访的附件合计不超过 {} MiB，请压缩照片或录音。";
    ABOUT_UNKNOWN "about_unknown": "Not of this petition" / "不属于该信访件":
        "This petition has no such thing to which a file could belong. Read the petition again and name its own."
        / "该信访件没有所指的事项，请重新读取后填写其自身的编号。";
    ABOUT_NOT_EXPECTED "about_not_expected": "Nothing to name" / "无须填写":
        "A file that belongs to the petition itself names nothing else. Leave about_id out."
        / "附件属于信访件本身时无须填写 about_id。";
}
