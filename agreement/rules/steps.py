"""Steps that several runbooks share. Sources: Agreement, Articles 5, 38, 39; Decree 89/2009/NĐ-CP, Article 7; Circular 02/2012/TT-BQP, Article 4."""

from schemas.codebook import Label

OPEN = Label(
    "Mở vụ việc: `mocgioi incidents show {subject}`; đọc lý do và dữ kiện còn thiếu, so với lời báo {text}.",
    "Open it: `mocgioi incidents show {subject}`; read the reason and the missing facts beside the report {text}.",
)
SCENE = Label(
    "Yêu cầu {reporter} giữ nguyên hiện trường tại {place}, chụp ảnh, đo và lập biên bản; không tự tháo dỡ hay sửa chữa.",
    "Have {reporter} leave the scene at {place} as it is, photograph, measure and minute it; nothing is taken down or mended.",
)
LETTER = Label(
    "Lập hồ sơ, báo cáo cấp trên kèm dự thảo thư gửi phía {side} (thư trao đổi hoặc thư phản kháng); được duyệt mới giao qua sĩ quan liên lạc.",
    "Build the file and report upwards with a draft letter to side {side} (letter or protest letter); the liaison officer delivers it only once approved.",
)
OWN_SIDE = Label(
    "Nếu là việc của phía ta: yêu cầu dừng ngay, báo Sở Ngoại vụ và chính quyền địa phương, xử lý theo pháp luật trong nước.",
    "If it is our own side's act: have it stopped at once, tell the department of foreign affairs and the local authority; domestic law applies.",
)
OUTCOME = Label(
    "Ghi giờ giao thư, phản ứng của phía bên kia và kết quả hội đàm vào {handling}; không thống nhất thì ghi biên bản bảo lưu và báo cáo lên.",
    "Put the time of delivery, the other side's answer and the result of talks into {handling}; what stays disputed is minuted and reported.",
)
ASSESS = Label(
    "Kết luận khác với máy thì dùng `mocgioi incidents assess {subject}` kèm lý do và cơ quan.",
    "Where the finding differs from the machine's: `mocgioi incidents assess {subject}`, with reason and office.",
)
REPRESENTATIVES = Label(
    "Báo đại diện biên giới đoạn có {place}; hai bên phối hợp xác minh, trao đổi qua đường dây nóng hoặc gặp gỡ.",
    "Tell the border representative of the section of {place}; both sides verify together, by hot line or meeting.",
)
HANDED_OVER = Label(
    "Ghi việc xử lý (bắt giữ, tiếp nhận, trao trả, bàn giao) cùng giờ và cơ quan vào {handling}; số người, tang vật vào {measures}, không ghi tên.",
    "Put what was done (arrested, received, returned, handed over), when and by whom into {handling}, numbers into {measures}, never a name.",
)

ACCUSED = (SCENE, LETTER, OWN_SIDE, OUTCOME, ASSESS)
"""After a breach."""
MATTER = (REPRESENTATIVES, HANDED_OVER, ASSESS)
"""After a border event."""


def ask(name: str, vi: str, en: str) -> Label:
    """Have a missing fact found out and sent: how, in both languages."""
    return Label(
        f"Thiếu {{facts.{name}}}: {vi}, rồi đồn {{reporter}} gửi bổ sung bằng sự kiện incident.updated.",
        f"{{facts.{name}}} missing: {en}; then {{reporter}} sends it as incident.updated.",
    )
