import re
import unittest

from debian import RELEASES, SOURCE, run
from support import BINARY, debian_guest


def libraries(path):
    """The shared libraries and the search paths that an ELF file names."""
    return re.findall(r"\((?:NEEDED|RPATH|RUNPATH)\).*\[(.*)\]", run("readelf", "-dW", path))


class BinaryTests(unittest.TestCase):
    def test_needs_no_shared_library_and_has_no_search_path(self):
        self.assertEqual(libraries(BINARY), [])
        # The question is answered where there is something to find.
        self.assertIn("libc.so.6", libraries("/bin/sh"))

    def test_needs_no_program_loader(self):
        self.assertNotIn("INTERP", run("readelf", "-lW", BINARY))
        self.assertIn("INTERP", run("readelf", "-lW", "/bin/sh"))

    def test_is_stripped(self):
        self.assertNotIn(".symtab", run("readelf", "-SW", BINARY))

    def test_names_no_folder_it_was_built_in(self):
        self.assertNotIn(str(SOURCE).encode(), BINARY.read_bytes())

    def test_says_the_same_in_every_debian(self):
        here = run(BINARY, "--sample", status=0)
        self.assertIn("balloon space: range [ 0x10000000 - 0xe7ef8000 ] 3537888 KiB.", here)
        for release, number in RELEASES.items():
            with self.subTest(debian=number):
                script = f"grep -q '^{number}' /etc/debian_version && /mnt/vgt-balloon --sample"
                self.assertEqual(debian_guest(release).run(script), here)
