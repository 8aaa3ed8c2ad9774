using ErlChat.Limits;
using ErlChat.Members;
using ErlChat.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Passwords;

/// <summary>Hashes the passwords of members with the framework's hasher, in a queue of the <see cref="PasswordGate"/>.</summary>
internal sealed class MemberHashing : IPasswordHashing
{
    private readonly PasswordGate _gate;
    private readonly PasswordTries _tries;

    /// <summary>Checked instead of a hash that is not there, so that this takes as long.</summary>
    private readonly Lazy<PasswordHash> _nobody = new(() => PasswordHash.Create(SessionToken.Create()));

    public MemberHashing(PasswordGate gate, IMemoryCache cache, IOptions<MemberOptions> options)
    {
        _gate = gate;
        MemberOptions limits = options.Value;
        var tries = new TryLimits(
            LimitKind.PasswordTries,
            limits.PasswordTriesPerGuesser,
            limits.PasswordTriesPerAddress,
            limits.PasswordTriesPerServer,
            limits.PasswordTriesWaiting,
            limits.PasswordTryPatience)
        {
            PerPerson = limits.PasswordTriesPerPerson,
        };
        _tries = gate.Open(tries, new KnownTriers(cache));
    }

    /// <summary>Compares a password with a hash. Tests watch it.</summary>
    internal Func<PasswordHash, string, PasswordVerificationResult> Compare { get; set; } =
        static (hash, password) => hash.Verify(password);

    public async ValueTask<HashAnswer> VerifyAsync(Guesser who, string? hash, string password, string? next = null)
    {
        var result = PasswordVerificationResult.Failed;
        string? made = null;
        SessionKey trier = TrierOf(who);
        TryAnswer answer = await _gate.RunAsync(_tries, trier, who.Host, Work, PersonOf(who));
        if (answer.End != TryEnd.Done || result == PasswordVerificationResult.Failed)
            return Of(answer, HashEnd.Wrong, null);
        _tries.Know(trier);
        return Of(answer, HashEnd.Right, made);

        void Work()
        {
            PasswordHash nobody = _nobody.Value;
            PasswordHash? stored = hash is null ? null : PasswordHash.Parse(hash);
            PasswordVerificationResult compared = Compare(stored ?? nobody, password);
            if (stored is null || compared == PasswordVerificationResult.Failed)
                return;
            result = compared;
            if (next is not null)
                made = PasswordHash.Create(next).ToString();
            else if (compared == PasswordVerificationResult.SuccessRehashNeeded)
                made = PasswordHash.Create(password).ToString();
        }
    }

    public async ValueTask<HashAnswer> HashAsync(Guesser who, string password)
    {
        string? made = null;
        SessionKey trier = TrierOf(who);
        TryAnswer answer = await _gate.RunAsync(
            _tries, trier, who.Host, () => made = PasswordHash.Create(password).ToString(), PersonOf(who));
        if (answer.End == TryEnd.Done)
            _tries.Know(trier);
        return Of(answer, HashEnd.Right, made);
    }

    private static HashAnswer Of(TryAnswer answer, HashEnd end, string? hash) => answer.End switch
    {
        TryEnd.Done => new HashAnswer(end, hash),
        TryEnd.TooMany => new HashAnswer(HashEnd.TooManyTries, Wait: answer.Wait),
        _ => new HashAnswer(HashEnd.Unavailable),
    };

    private static SessionKey TrierOf(Guesser who) => SessionKey.Of($"{who.Person} {who.Host}");

    private static SessionKey PersonOf(Guesser who) => SessionKey.Of(who.Person);
}
