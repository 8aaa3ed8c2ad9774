#!/usr/bin/env perl
# Generates src/Chat.PostOffice/Texts/letters.txt, which Letters.cs reads, from the Unicode data that Perl brings along:
#
#     eng/letters.pl > src/Chat.PostOffice/Texts/letters.txt
#
# Perl 5.36, as in Debian 12, has Unicode 14. The fold compares nicks by part of this table (NickKey.cs), so do not generate it again with
# another version of Unicode without a look at docs/adr/0025-names.md. The table has the characters that nicks may be made of: those that
# Unicode Technical Standard 39 calls recommended, in limited use (scripts of few), or uncommon (only letters), unless they belong to no
# script.
use v5.36;
use Unicode::UCD qw(charprop charinfo);
use Unicode::Normalize qw(NFC NFD getCombinClass);
use feature 'fc';

my (%script, %mark, %zero, %compose, %split, %class, %fold);
my $isAllowed = qr/[\p{Identifier_Type=Recommended}\p{Identifier_Type=Limited_Use}]/;
my $isUncommon = qr/(?=\p{L})[\p{Identifier_Type=Uncommon_Use}]/;
my $isNever = qr/[\p{Identifier_Type=Exclusion}\p{Identifier_Type=Obsolete}\p{Identifier_Type=Not_XID}\p{Identifier_Type=Not_NFKC}]/;

# Marks that go with letters of any script are only needed with these. The stretch of Arabic (tatweel) is no letter.
my @marked = qw(Latin Greek Cyrillic);
my $tatweel = 0x640;

sub isAllowed ($char) { $char =~ /^(?:$isAllowed|$isUncommon)/ && $char !~ /^$isNever/ && $char =~ /^[\p{L}\p{M}\p{Nd}]/ }

# charprop is too slow for all of the ideographs.
sub scriptsOf ($char) {
    return ('Common') if $char =~ /[0-9]/;
    return ('Han') if $char =~ /\p{Unified_Ideograph}/;
    my @scripts = split / /, charprop(ord $char, 'Script_Extensions') =~ s/,/ /gr;
    return $scripts[0] eq 'Inherited' ? @marked : grep { $_ ne 'Common' } @scripts;
}

for my $code (0x30 .. 0x323AF) {
    next if $code >= 0xD800 && $code < 0xE000 || $code == $tatweel;
    my $char = chr $code;
    next unless isAllowed($char);
    my @scripts = scriptsOf($char) or next;
    $script{$_}{$code} = 1 for @scripts;
    $mark{$code} = 1 if $char =~ /\p{M}/;
    $class{getCombinClass($code)}{$code} = 1 if getCombinClass($code);
    $zero{$code} = 1 if $char =~ /\p{Nd}/ && charinfo($code)->{decimal} == 0;
    my $folded = fc $char;
    push @{$fold{join ' ', map { sprintf '%X', ord } split //, $folded}}, $code if $folded ne $char;
}

# Composed letters, and those that normalization replaces by others. Syllables of Korean have a formula.
for my $code (0xC0 .. 0x323AF) {
    next if $code >= 0xAC00 && $code < 0xE000 || $code >= 0xF900 && $code < 0xFB00 || $code >= 0x2F800 && $code < 0x30000;
    my $char = chr $code;
    next if NFD($char) eq $char || grep { !isAllowed($_) } split //, NFD($char);
    my @parts = split / /, charinfo($code)->{decomposition};
    if (@parts == 2 && NFC($char) eq $char) { push @{$compose{$parts[1] =~ s/^0+//r}}, $parts[0] =~ s/^0+//r, sprintf '%X', $code }
    else { push @{$split{join ' ', map { s/^0+//r } @parts}}, $code }
}

sub ranges (@codes) {
    my @ranges;
    for my $code (sort { $a <=> $b } @codes) {
        if (@ranges && $ranges[-1][1] == $code - 1) { $ranges[-1][1] = $code } else { push @ranges, [$code, $code] }
    }
    return join ' ', map { $_->[0] == $_->[1] ? sprintf('%X', $_->[0]) : sprintf('%X-%X', @$_) } @ranges;
}

my $version = Unicode::UCD::UnicodeVersion();
say "# The characters of nicks: data of the Unicode Character Database and Unicode Technical Standard 39, version $version.";
say '# Made by eng/letters.pl.';
say '# Copyright 1991-2021 Unicode, Inc. Licensed under the Unicode License v3: https://www.unicode.org/license.txt';
say "script $_: ", ranges(keys %{$script{$_}}) for sort keys %script;
say 'marks: ', ranges(keys %mark);
say 'zeros: ', ranges(keys %zero);
say "class $_: ", ranges(keys %{$class{$_}}) for sort { $a <=> $b } keys %class;
say "compose $_: @{$compose{$_}}" for sort keys %compose;
say "split $_: ", ranges(@{$split{$_}}) for sort keys %split;
say "fold $_: ", ranges(@{$fold{$_}}) for sort keys %fold;
