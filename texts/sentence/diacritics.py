"""A sentence typed without any diacritics, with those of the phrases that reports are made of put back.

Only phrases that mean one thing without them are here: `nam` alone may be a man or a year, and stays. Letters keep their places, so that a
value still rests on the words as typed.
"""

import functools
import re
import unicodedata

_PHRASES = """
hôm nay; hôm qua; đêm nay; đêm qua; sáng nay; sáng qua; trưa nay; trưa qua; chiều nay; chiều qua; tối nay; tối qua; tối hôm qua; rạng sáng; sáng sớm
nửa đêm; ngày; giờ; phút; tháng; lúc; hồi; khoảng; vào lúc
việt nam; trung quốc; phía trung quốc; phía việt nam; phía ta; phía bạn; hai bên; bên trung quốc; bên việt nam; đất trung quốc; đất việt nam
từ trung quốc; từ việt nam; sang trung quốc; sang việt nam; vào việt nam; vào trung quốc; về nước; trở về; lãnh thổ; nội địa; công dân trung quốc
đường biên giới; biên giới; qua biên giới; vượt biên; vượt sang; vượt qua; xâm canh; xâm cư; đường mòn; lối mòn; dọc biên giới; cách biên giới
cách đường biên giới; cách đường biên; mét; mốc; cột mốc; khu vực mốc; giữa mốc; từ mốc; đến mốc; đoạn mốc; mốc giới; cửa khẩu; lối mở; khu vực; tại; tỉnh
phát hiện; bắt giữ; bắt quả tang; bắt được; tạm giữ; thu giữ; tịch thu; ngăn chặn; đẩy đuổi; giải cứu; tiếp nhận; bàn giao; trao trả; cách ly
xử phạt; khởi tố; tiêu hủy; điều tra; xác minh; hội đàm; gặp gỡ; thư phản kháng; thư trao đổi; khảo sát; theo dõi; báo cáo; lập biên bản; tuần tra
đối tượng; người; công dân; phụ nữ; trẻ em; nam giới; nữ giới; thanh niên; nạn nhân; ngư dân; lao động; quốc tịch; trong đó; gồm; chiếc; lượt
nhập cảnh; xuất cảnh; nhập cảnh trái phép; xuất cảnh trái phép; trái phép; trái pháp luật; bất hợp pháp; không phép; không giấy tờ; không có giấy tờ
xây dựng; xây nhà; xây mới; xây; dựng nhà; làm nhà; nhà ở; nhà kiên cố; kiên cố; công trình; thi công; hàng rào; dựng hàng rào; đường tuần tra; san gạt
san ủi; mở rộng; cơi nới; làm mới; lắp đặt; đổ bê tông; bờ kè; kè; lán; trạm; tường; chuồng; kho; thiết bị giám sát; cách
chưa thỏa thuận; chưa thống nhất; chưa được thỏa thuận; báo trước; đã báo trước
nổ súng; bắn súng; tiếng súng; phát súng; vết đạn; bắn sang; nổ mìn; đánh mìn; gây nổ; thuốc nổ; săn bắn; súng; súng săn
nạo vét; hút cát; lòng sông; lòng suối; dòng chảy; trên sông; đắp; bắc cầu; đường điện; đốt nương; đốt rẫy; đốt cây; đốt thực bì; khai hoang; làm nương
làm rẫy; khai thác; khai thác khoáng sản; khoáng sản; khai thác đá; khai thác cát; quặng; chôn lấp; hóa chất; chất thải
bị hư hỏng; bị hư hại; bị xê dịch; bị dịch chuyển; bị nghiêng; bị đổ; bị gãy; bị vỡ; bị mất; bị đập phá; xê dịch; dịch chuyển; đập phá; phá hoại
đánh cắp; lấy trộm; trộm cắp; trộm; cướp; cướp giật; lừa đảo; hành hung; ném đá; bị thương; tử vong; xô xát; phát quang; sửa chữa; khôi phục
buôn lậu; nhập lậu; hàng lậu; hàng hóa; vận chuyển; vận chuyển trái phép; hàng cấm; thuốc lá; pháo nổ; pháo hoa; ma túy; thuốc phiện; tiền giả; vũ khí
đánh bạc; mua bán người; buôn bán người; lừa bán; cháy rừng; đám cháy; hỏa hoạn; lũ lụt; dịch bệnh; dịch tả; cúm gia cầm; sạt lở
chăn thả; chăn trâu; chăn bò; thả trâu; thả bò; chặt cây; trồng cây; canh tác; mai táng; thu hái; con trâu; con bò; con lợn; con gà; gia súc; gia cầm
thiết bị bay; máy bay; máy bay không người lái; thiết bị bay không người lái; trực thăng; quay phim; chụp ảnh; khảo sát
thư; thư thông báo; công văn; kế hoạch; nghị định; hiệp định; thông tư; quyết định; so với cùng kỳ; trước ngày; đến ngày; số công văn; thông báo
đồn; đồn biên phòng; đồn bp; đồn ck; công an; công an tỉnh; hải quan; bđbp; ủy ban nhân dân; sở ngoại vụ; trạm kiểm tra; chính quyền; đoạn; các mốc
bản mốc; bè mảng; chân đế; thân mốc
đánh cá; đánh bắt cá; kích điện; tàu cá; thuyền; xuồng máy; cư trú; tạm trú; lưu trú; ở lại
giấy thông hành; tạm dừng; tạm ngừng; thông quan; xe máy; xe tải; ô tô
xe ô tô; triệu đồng; nhân dân tệ; kiện; thùng; tấn; bao tải
không phát hiện; không xảy ra; không có; không để xảy ra; chưa phát hiện; chưa xảy ra; phòng chống; phòng, chống; tuyên truyền; diễn tập; luyện tập
giả định; tình huống giả định; dự kiến; đề nghị; sẽ; nghi; nghi vấn
"""
_BEFORE_NUMBERS = re.compile(r"(?<!\w)(?:nam(?=\s+(?:19|20)\d\d(?!\d))|(?:dem|sang|trua|chieu|toi)(?=\s+(?:ngày\s+)?\d))", re.IGNORECASE)
_WORDS = {"nam": "năm", "dem": "đêm", "sang": "sáng", "trua": "trưa", "chieu": "chiều", "toi": "tối"}
"""What they mean before a year or a date, and nowhere else."""


def with_diacritics(text: str) -> str:
    """The text with the diacritics of known phrases, if it has none at all. As long as before."""
    if not text.isascii():
        return text
    pattern, phrases = _phrases()
    marked = pattern.sub(lambda found: _in_case_of(found[0], phrases[found[0].lower()]), text)
    return _BEFORE_NUMBERS.sub(lambda word: _in_case_of(word[0], _WORDS[word[0].lower()]), marked)


@functools.cache
def _phrases() -> tuple[re.Pattern[str], dict[str, str]]:
    phrases = {_without(phrase): phrase for line in _PHRASES.strip().splitlines() for phrase in line.split("; ")}
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE), phrases


def _in_case_of(typed: str, phrase: str) -> str:
    return "".join(letter.upper() if like.isupper() else letter for like, letter in zip(typed, phrase, strict=True))


def _without(phrase: str) -> str:
    return "".join("d" if letter == "đ" else unicodedata.normalize("NFD", letter)[0] for letter in phrase)
