//! Codes of bringing in files: what is wrong with a file, a row, a cell.

crate::codes! {
    FILE_UNREADABLE "file_unreadable": "File can't be read" / "文件无法读取":
        "This is neither a table in text form (CSV) nor an Excel workbook (.xlsx). Save it as one of the two and send that."
        / "该文件既不是 CSV 文本表格，也不是 Excel 工作簿（.xlsx），请另存为其中一种后再上传。";
    FILE_TOO_LARGE "file_too_large": "File holds too much" / "文件内容过大":
        "A file holds at most 200,000 rows, 8,000,000 cells and 512 MiB once it is unpacked. Split it."
        / "单个文件不得超过 20 万行、800 万个单元格，解压后不得超过 512 MiB，请拆分后分别上传。";
    NO_ROWS "no_rows": "Nothing in the file" / "文件中没有数据":
        "The file holds no rows below its header. Check that you sent the right file and that the table stands on its first sheet."
        / "表头之下没有数据行，请核对文件是否正确、表格是否位于第一个工作表。";
    COLUMN_MISSING "column_missing": "Column missing" / "缺少列":
        "There is no column {}. Add it, or name it so in the header row."
        / "缺少“{}”一列，请补上，或在表头中使用该列名。";
    COLUMN_TWICE "column_twice": "Column stands twice" / "列重复":
        "The column {} stands in the header twice. Remove one of them."
        / "“{}”一列在表头中出现两次，请删去其中一列。";
    CELL_UNDECODABLE "cell_undecodable": "Characters can't be read" / "字符无法识别":
        "This cell holds bytes that are no characters. Save the file in UTF-8 and send it again."
        / "该单元格含有无法识别的字节，请将文件另存为 UTF-8 编码后重新上传。";
    CELL_BROKEN "cell_broken": "Cell shows an error" / "单元格为错误值":
        "This cell holds an error of the spreadsheet such as #REF!. Correct the formula or enter the value."
        / "该单元格为错误值（如 #REF!），请改正公式或直接填写内容。";
    NUMBER_LOST_DIGITS "number_lost_digits": "Number lost its digits" / "号码末位已丢失":
        "The spreadsheet kept this number as a quantity, and its last digits are lost. Set the column to text and enter the number anew."
        / "该号码被表格软件当作数值保存（科学计数法），末几位已丢失，请将该列设为文本格式后重新填写。";
    ROW_WITHOUT_KEY "row_without_key": "Nobody can be told apart" / "无法识别本人":
        "A row needs an identity number or a birth date beside the name. Add one of them."
        / "每行除姓名外须有身份证号码或出生日期，请补充其中一项。";
    DOUBLE_IN_FILE "double_in_file": "Stands in the file twice" / "文件内重复":
        "The same person stands in row {} already. Keep one of the two rows."
        / "与第 {} 行为同一人，请只保留一行。";
    SAME_NUMBER_OTHER_NAME "same_number_other_name": "Same number, other name" / "同号不同名":
        "Row {} gives the same identity number to another name. Correct the one that is wrong."
        / "第 {} 行以同一身份证号码登记了另一姓名，请更正有误的一行。";
    NAME_ON_FILE_DIFFERS "name_on_file_differs": "Other name on file" / "与建档姓名不符":
        "Somebody with this identity number is on file under another name. Compare the two; correct the file or the profile."
        / "该身份证号码已有档案，但姓名不同，请核对后更正文件或档案。";
    SEVERAL_ALIKE "several_alike": "Several on file" / "有多份相同档案":
        "Several profiles have this name and birth date. Add the identity number, or merge the doubles first."
        / "有多份档案的姓名和出生日期相同，请补充身份证号码，或先合并重复档案。";
    UNIT_NOT_FOUND "unit_not_found": "No such unit" / "未找到单位":
        "No unit in being has this code or name. Take it as it stands in the list of units."
        / "没有使用该代码或名称的在用单位，请按单位列表中的代码或名称填写。";
    UNIT_AMBIGUOUS "unit_ambiguous": "Several units of this name" / "单位名称不唯一":
        "Several units have this name. Enter the unit's code instead."
        / "有多个单位使用该名称，请改填单位代码。";
    LIAISON_NOT_FOUND "liaison_not_found": "No such liaison officer" / "未找到联络员":
        "There is no active account with this user name or, once only, this name. Enter the user name."
        / "没有使用该用户名的在用账号，或该姓名不唯一，请填写用户名。";
    NUMBER_TWICE "number_twice": "Number stands twice" / "编号重复":
        "Row {} has the same number already. Keep one of the two rows, or correct the number."
        / "与第 {} 行编号相同，请只保留一行，或更正编号。";
    ENTERED_OTHERWISE "entered_otherwise": "Entered otherwise before" / "与先前导入内容不同":
        "A row of this number was entered before and said something else. Nothing of it is changed by a file: compare the two, and record what is new on the petition."
        / "该编号先前已导入且内容不同，导入不会改动已有记录，请核对后在信访件上办理。";
    CLOSED_AND_OPEN "closed_and_open": "Closed and open" / "办结状态矛盾":
        "The row says that it is not closed, and when it was closed. Correct one of the two."
        / "该行既注明未办结，又填写了办结时间，请更正其中一项。";
    CLOSED_BEFORE_RECEIVED "closed_before_received": "Closed before it was received" / "办结早于信访日期":
        "The day of closing lies before the day of receipt. Correct the one that is wrong."
        / "办结时间早于信访日期，请更正有误的一项。";
    RELATIVE_INCOMPLETE "relative_incomplete": "Relative incomplete" / "家属信息不全":
        "A relative needs a name and how they stand to the retiree. Fill in both."
        / "家属须同时填写姓名和与本人关系，请补全。";
    ROSTER_SAYS_ALIVE "roster_says_alive": "On file as deceased" / "档案已记录去世":
        "The profile says that this person has died, the row that they live. Correct the row, or the profile if it is wrong there."
        / "该人员档案已记录去世，本行却填写在世，请更正本行；若档案有误，请先更正档案。";
    CELL_TOO_LONG "cell_too_long": "Cell too long" / "单元格内容过长":
        "A cell holds at most {} characters."
        / "单元格最多 {} 个字符。";
}
