#!/usr/bin/env node
import "../dist/apply-patch.js";
