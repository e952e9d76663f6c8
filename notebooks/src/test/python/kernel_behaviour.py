"""What jupyter_kernel_test checks of a kernel, and interrupt and restart, against a vault of the test's.

The vault is the one that TAPELAKE_VAULT names; it has the tables bars_1m and vwap_1m.
"""

import time
import unittest

import jupyter_kernel_test
from jupyter_client.manager import start_new_kernel

SECONDS_TO_START = 600
SECONDS_TO_ANSWER = 600

jupyter_kernel_test.TIMEOUT = SECONDS_TO_ANSWER

# Some billions of pairs: nobody waits for its end.
ENDLESS = "select count(*) from range(10000000) a join range(10000000) b on a.id % 7 <> b.id % 11"


class TapelakeKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "tapelake"
    language_name = "sql"
    file_extension = ".sql"

    code_execute_result = [
        {"code": "select 6 * 7 as answer", "mime": "text/plain"},
        {"code": "select 1;\nselect 2", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": "select 1 as x;\nselect 2 as x", "mime": "text/html"},
    ]
    code_generate_error = "select\n  nothing from bars_1m"
    completion_samples = [
        {"text": "select * from vwap_", "matches": {"vwap_1m", "vwap_exact"}},
        {"text": "%cha", "matches": {"%chart"}},
    ]
    complete_code_samples = ["select 1;", "%help"]
    incomplete_code_samples = ["select 1", "select 'a;", "select /* ;"]
    code_inspect_sample = "bars_1m"

    @classmethod
    def setUpClass(cls):
        cls.km, cls.kc = start_new_kernel(
            kernel_name=cls.kernel_name, startup_timeout=SECONDS_TO_START
        )
        cls.kc.execute_interactive("select 1", timeout=SECONDS_TO_ANSWER, output_hook=lambda _: None)

    def test_error_names_the_line_and_no_stack(self):
        self.flush_channels()
        reply, outputs = self.execute_helper("select 1;\nselect\n  nothing from bars_1m")
        self.assertEqual(reply["content"]["status"], "error")
        message = reply["content"]["evalue"]
        self.assertIn("line 3:", message)
        self.assertIn("`nothing`", message)
        traceback = "\n".join(outputs[-1]["content"]["traceback"])
        self.assertNotIn("\tat ", traceback)
        self.assertLess(len(traceback), 1000)

    def test_columns_are_completed_where_the_cursor_is(self):
        self.kc.complete("select v.vwap_1 from vwap_1m v", cursor_pos=len("select v.vwap_1"))
        reply = self.get_non_kernel_info_reply(timeout=SECONDS_TO_ANSWER)
        self.assertIn("vwap_1h", reply["content"]["matches"])
        self.assertNotIn("trade_id", reply["content"]["matches"])

    def test_inspection_tells_columns(self):
        self.kc.inspect("select * from bars_1m", cursor_pos=len("select * from ba"))
        reply = self.get_non_kernel_info_reply(timeout=SECONDS_TO_ANSWER)
        self.assertIn("trade_count", reply["content"]["data"]["text/plain"])

    def test_interrupt_ends_the_query_and_not_the_kernel(self):
        self.flush_channels()
        message = self.kc.execute(ENDLESS)
        running = False
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while not running:  # what it shows once it has run for a while
            self.assertLess(time.monotonic(), deadline, "no progress was shown")
            output = self.kc.get_iopub_msg(timeout=SECONDS_TO_ANSWER)
            text = output["content"].get("data", {}).get("text/plain", "")
            running = output["parent_header"]["msg_id"] == message and "tasks done" in text
        self.km.interrupt_kernel()
        while True:
            reply = self.kc.get_shell_msg(timeout=SECONDS_TO_ANSWER)
            if reply["parent_header"]["msg_id"] == message:
                break
        self.assertEqual(reply["content"]["status"], "error")
        self.assertEqual(reply["content"]["evalue"], "interrupted")
        reply, _ = self.execute_after(message, "select 1")
        self.assertEqual(reply["content"]["status"], "ok")

    def execute_after(self, message, code):
        """Executes once all that the earlier message published is read."""
        while True:
            output = self.kc.get_iopub_msg(timeout=SECONDS_TO_ANSWER)
            if (
                output["parent_header"].get("msg_id") == message
                and output["content"].get("execution_state") == "idle"
            ):
                break
        self.flush_channels()
        return self.execute_helper(code)

    def test_zz_restart_forgets_and_answers(self):
        self.kc.execute_interactive(
            "create temporary view mine as select 1 as one",
            timeout=SECONDS_TO_ANSWER,
            output_hook=lambda _: None,
        )
        self.km.restart_kernel()
        self.kc.wait_for_ready(timeout=SECONDS_TO_START)
        reply = self.kc.execute_interactive(
            "select * from mine", timeout=SECONDS_TO_ANSWER, output_hook=lambda _: None
        )
        self.assertIn("mine", reply["content"]["evalue"])
        reply = self.kc.execute_interactive(
            "select count(*) from vwap_1m", timeout=SECONDS_TO_ANSWER, output_hook=lambda _: None
        )
        self.assertEqual(reply["content"]["status"], "ok")


if __name__ == "__main__":
    unittest.main(verbosity=2)
